import { setTimeout as wait } from 'node:timers/promises'
import { type Platform, systemContext } from '../../platform/context.ts'
import { type WriteTx, write } from '../../platform/write.ts'
import type { Problem } from '../models/index.ts'
import { type CallVia, type ModelCall, recordCall } from '../usage/index.ts'
import { deleteChunks, endGenerationRow } from './generations.repo.ts'
import type { GenerationState, LiveGeneration } from './live-generation.ts'
import type { Meter } from './meter.ts'
import type { StoredPart } from './parts-builder.ts'

export interface GenerationFacts {
  userId: string
  keyId: string | null
  modelId: string | null
  connectionId: string | null
  modelName: string
  via: CallVia
  subjectId: string | null
  promptVersionId: string | null
}

export interface EndedAnswer {
  id: string
  startedAt: number
  endedAt: number
  state: Exclude<GenerationState, 'running'>
  parts: StoredPart[] | null
  seq: number
  meter: Meter
  warnings: Problem[]
  finishReason: string | null
  error: Problem | null
}

export interface EndedGeneration extends GenerationFacts {
  id: string
  state: Exclude<GenerationState, 'running'>
}

type EndListener = (tx: WriteTx, ended: EndedGeneration) => Promise<void>
const listeners = new Map<CallVia, EndListener>()

/** Lets a module take part in the transaction that ends its answers. */
export function onGenerationEnd(via: CallVia, listener: EndListener): void {
  listeners.set(via, listener)
}

const longestPauseMs = 10_000

/** Stores an answer's end. A database that is away is tried again until it is back; the text stays in memory until then. */
export async function endGeneration(
  platform: Platform,
  live: LiveGeneration,
  facts: GenerationFacts,
): Promise<void> {
  const answer = endedAnswer(platform, live)
  if (!answer) return
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      await storeEnd(platform, answer, facts)
      return
    } catch (error) {
      platform.log.error("an answer's end could not be stored; trying again", { error, generation: live.id })
      if (pauseMs >= longestPauseMs && live.abort.signal.aborted) return
      await wait(pauseMs)
    }
  }
}

/** What there is to store of an answer that has ended; null while it runs. */
export function endedAnswer(platform: Platform, live: LiveGeneration): EndedAnswer | null {
  if (live.state === 'running') return null
  const endedAt = live.endedAt ?? platform.clock.now()
  return {
    id: live.id,
    startedAt: live.startedAt,
    endedAt,
    state: live.state,
    parts: live.saved ? live.parts() : null,
    seq: live.seq,
    meter: live.meter(endedAt),
    warnings: live.warnings,
    finishReason: live.finishReason,
    error: live.error,
  }
}

/** The ledger's row of an answer. */
export function ledgerRow(answer: EndedAnswer, facts: GenerationFacts): ModelCall {
  const { meter } = answer
  return {
    ...facts,
    id: answer.id,
    outcome: answer.state,
    errorCode: answer.error?.code ?? null,
    inputTokens: meter.inputTokens,
    cachedInputTokens: meter.cachedInputTokens,
    reasoningTokens: meter.reasoningTokens,
    outputTokens: meter.outputTokens,
    firstTokenMs: meter.firstTokenMs,
    durationMs: meter.durationMs,
    costMicros: meter.costMicros,
    currency: meter.currency,
    startedAt: answer.startedAt,
  }
}

/** One transaction: the answer, the ledger's row, and what the answer belongs to. Storing it twice changes nothing. */
export async function storeEnd(
  platform: Platform,
  answer: EndedAnswer,
  facts: GenerationFacts,
): Promise<void> {
  await write(
    systemContext(platform, 'generations'),
    async (tx) => {
      const { changes } = await tx.run(endGenerationRow, {
        id: answer.id,
        state: answer.state,
        parts: answer.parts && JSON.stringify(answer.parts),
        seq: answer.seq,
        meter: JSON.stringify(answer.meter),
        warnings: JSON.stringify(answer.warnings),
        finish_reason: answer.finishReason,
        error: answer.error && JSON.stringify(answer.error),
        ended_at: answer.endedAt,
      })
      if (changes === 0) return
      await tx.run(deleteChunks, { generation_id: answer.id })
      await recordCall(tx, ledgerRow(answer, facts))
      await listeners.get(facts.via)?.(tx, { ...facts, id: answer.id, state: answer.state })
    },
    { unaudited: 'the start of the answer was audited' },
  )
}

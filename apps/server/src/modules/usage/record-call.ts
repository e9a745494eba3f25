import type { Tx } from '../../platform/db/index.ts'
import { insertCall } from './usage.repo.ts'

export type CallVia = 'chat' | 'compare' | 'gateway' | 'sample' | 'test'

export interface ModelCall {
  /** The generation's id: it makes a second row for the same call impossible. */
  id: string
  userId: string | null
  keyId: string | null
  modelId: string | null
  connectionId: string | null
  modelName: string
  via: CallVia
  outcome: 'finished' | 'stopped' | 'failed' | 'interrupted'
  errorCode: string | null
  inputTokens: number | null
  cachedInputTokens: number | null
  reasoningTokens: number | null
  outputTokens: number | null
  firstTokenMs: number | null
  durationMs: number | null
  costMicros: number | null
  currency: string | null
  /** Unix milliseconds. */
  startedAt: number
  /** The version of a prompt that its system message was made from, if it was. */
  promptVersionId?: string | null
}

let written = 0

/** Moves with each row that this process has committed: what was made of the ledger before is old then. */
export const ledgerWrites = (): number => written

/** Writes the ledger's one row of a call, in the transaction that ends the call. */
export async function recordCall(tx: Tx, call: ModelCall): Promise<void> {
  tx.afterCommit(() => {
    written += 1
  })
  await tx.run(insertCall, {
    id: call.id,
    user_id: call.userId,
    key_id: call.keyId,
    model_id: call.modelId,
    connection_id: call.connectionId,
    model_name: call.modelName,
    via: call.via,
    outcome: call.outcome,
    error_code: call.errorCode,
    input_tokens: call.inputTokens,
    cached_input_tokens: call.cachedInputTokens,
    reasoning_tokens: call.reasoningTokens,
    output_tokens: call.outputTokens,
    first_token_ms: call.firstTokenMs,
    duration_ms: call.durationMs,
    cost_micros: call.costMicros,
    currency: call.currency,
    started_at: call.startedAt,
    recorded_at: Date.now(),
    prompt_version_id: call.promptVersionId ?? null,
  })
}

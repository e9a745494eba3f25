import { ProviderError, providers } from '@anneal/providers'
import type { Platform } from '../../platform/context.ts'
import { type Problem, noteCall, problemOf } from '../models/index.ts'
import { type GenerationFacts, endGeneration, endedAnswer, ledgerRow } from './end-generation.ts'
import { firstTokenTimeout, idleTimeout } from './generations.settings.ts'
import { ledgerBatch } from './ledger-batch.ts'
import type { GenerationState, LiveGeneration } from './live-generation.ts'
import type { GenerationRequest } from './prepare-generation.ts'
import { registryOf } from './registry.ts'
import { callCost } from '../usage/index.ts'

/** Runs one call from its first byte to its stored end. Never rejects. */
export async function drive(
  platform: Platform,
  live: LiveGeneration,
  request: GenerationRequest,
  caller: { userId: string; keyId: string | null },
): Promise<void> {
  const outcome = await callProvider(platform, live, request)
  live.endedAt = platform.clock.now()
  live.state = outcome.state
  live.error = outcome.error
  live.flush()
  live.cost = callCost(request.model.price, live.meter(live.endedAt))
  const meter = live.meter(live.endedAt)
  if (outcome.state === 'finished' || (outcome.error && !isCallersFault(outcome.error, live))) {
    noteCall(platform, {
      modelId: request.model.id,
      error: outcome.error,
      firstTokenMs: meter.firstTokenMs,
      tokensPerSecond: meter.tokensPerSecond,
    })
  }
  const facts: GenerationFacts = {
    ...caller,
    modelId: request.model.id,
    connectionId: request.model.connectionId,
    modelName: request.model.name,
    via: request.via,
    subjectId: request.subjectId,
    promptVersionId: request.promptVersionId,
  }
  if (live.direct) {
    /* The caller does not wait for the ledger. */
    registryOf(platform).ended(live)
    const answer = endedAnswer(platform, live)
    if (answer) ledgerBatch(platform).add(ledgerRow(answer, facts))
    return
  }
  await endGeneration(platform, live, facts)
  registryOf(platform).ended(live)
}

async function callProvider(
  platform: Platform,
  live: LiveGeneration,
  request: GenerationRequest,
): Promise<{ state: GenerationState; error: Problem | null }> {
  const { model } = request
  const { clock } = platform
  try {
    await providers[model.provider].stream(
      {
        connection: model.connection,
        model: model.providerModel,
        messages: request.messages,
        parameters: { ...model.parameters, ...request.parameters },
        ...(request.tools ? { tools: request.tools } : {}),
        ...(request.toolChoice ? { toolChoice: request.toolChoice } : {}),
        ...(request.responseFormat ? { responseFormat: request.responseFormat } : {}),
        ...(request.extra ? { extra: request.extra } : {}),
        reasoningProfile: model.reasoningProfile,
      },
      {
        transport: platform.outbound.transport,
        signal: live.abort.signal,
        emit: (event) => live.add(event, clock.now()),
        firstTokenTimeoutMs: platform.settings.get(firstTokenTimeout) * 1000,
        idleTimeoutMs: platform.settings.get(idleTimeout) * 1000,
      },
    )
    return { state: stoppedState(live) ?? 'finished', error: null }
  } catch (error) {
    const stopped = stoppedState(live)
    if (stopped) return { state: stopped, error: null }
    if (!(error instanceof ProviderError)) platform.log.error('a model call failed unexpectedly', { error })
    const problem: Problem =
      error instanceof ProviderError ? problemOf(error) : { code: 'platform.internal', params: {} }
    const retryable = error instanceof ProviderError && error.retryable
    live.add({ type: 'error', code: problem.code, params: problem.params, retryable }, clock.now())
    live.add({ type: 'finish', reason: 'error' }, clock.now())
    return { state: 'failed', error: problem }
  }
}

/** It says nothing of the model. What is asked by the gateway, its caller alone has chosen. */
function isCallersFault({ code }: Problem, { direct }: LiveGeneration): boolean {
  return code === 'provider.context-too-long' || (direct && code === 'provider.refused')
}

/** What an abort meant: a person's stop, or the server going down. */
function stoppedState(live: LiveGeneration): GenerationState | null {
  if (!live.abort.signal.aborted) return null
  return live.abort.signal.reason === 'interrupted' ? 'interrupted' : 'stopped'
}

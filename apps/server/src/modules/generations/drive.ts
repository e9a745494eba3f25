import { ProviderError, providers } from '@anneal/providers'
import type { Platform } from '../../platform/context.ts'
import { type Problem, noteCall, problemOf } from '../models/index.ts'
import { type GenerationFacts, endGeneration } from './end-generation.ts'
import { firstTokenTimeout, idleTimeout } from './generations.settings.ts'
import type { GenerationState, LiveGeneration } from './live-generation.ts'
import type { GenerationRequest } from './prepare-generation.ts'
import { registryOf } from './registry.ts'

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
  const meter = live.meter(live.endedAt)
  if (outcome.state === 'finished' || outcome.error) {
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

/** What an abort meant: a person's stop, or the server going down. */
function stoppedState(live: LiveGeneration): GenerationState | null {
  if (!live.abort.signal.aborted) return null
  return live.abort.signal.reason === 'interrupted' ? 'interrupted' : 'stopped'
}

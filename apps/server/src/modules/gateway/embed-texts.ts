import { ProviderError, providers } from '@anneal/providers'
import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { ErrorCode } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import type { HandlerIo } from '../../platform/http/index.ts'
import { newId } from '../../platform/ids.ts'
import { actorUserId } from '../auth/index.ts'
import { ledgerBatch } from '../generations/index.ts'
import { type CallableModel, type Problem, noteCall, problemOf } from '../models/index.ts'
import { type ModelCall, callCost } from '../usage/index.ts'
import { modelFor } from './model-for.ts'

type Body = RouteHandlerInput<'gateway.embeddings'>['body']
type Reply = RouteReply<'gateway.embeddings'>

/** As OpenAI's clients read it: 32-bit floats, little-endian. */
function base64Of(vector: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(vector.length * 4))
  vector.forEach((value, at) => view.setFloat32(at * 4, value, true))
  return Buffer.from(view.buffer).toString('base64')
}

/** One input or several, always as several. */
function inputsOf(input: Body['input']): string[] | number[][] {
  if (typeof input === 'string') return [input]
  const isTokens = (one: Body['input']): one is number[] => typeof one[0] === 'number'
  return isTokens(input) ? [input] : input
}

interface Outcome {
  state: ModelCall['outcome']
  error: Problem | null
  inputTokens: number | null
}

/** They say nothing of the model. */
const callersFaults = new Set(['provider.context-too-long', 'provider.refused'])

/** One row of the ledger, and what the call showed of the model's health. */
function count(ctx: Context, model: CallableModel, startedAt: number, outcome: Outcome): void {
  const { platform, actor } = ctx
  const tokens = { inputTokens: outcome.inputTokens, cachedInputTokens: null, outputTokens: null }
  ledgerBatch(platform).add({
    id: newId(),
    userId: actorUserId(actor),
    keyId: actor.kind === 'key' ? actor.keyId : null,
    modelId: model.id,
    connectionId: model.connectionId,
    modelName: model.name,
    via: 'gateway',
    outcome: outcome.state,
    errorCode: outcome.error?.code ?? null,
    ...tokens,
    reasoningTokens: null,
    firstTokenMs: null,
    durationMs: platform.clock.now() - startedAt,
    ...callCost(model.price, tokens),
    startedAt,
  })
  if (outcome.state === 'stopped' || callersFaults.has(outcome.error?.code ?? '')) return
  noteCall(platform, { modelId: model.id, error: outcome.error, firstTokenMs: null, tokensPerSecond: null })
}

async function call(ctx: Context, model: CallableModel, body: Body, signal: AbortSignal) {
  const { platform } = ctx
  const { embed, embedsTokenNumbers } = providers[model.provider]
  if (!embed) throw new AppError('gateway.no-embeddings', { name: model.name })
  const input = inputsOf(body.input)
  if (typeof input[0] !== 'string' && !embedsTokenNumbers) {
    throw new AppError('gateway.no-token-numbers', { name: model.name })
  }
  const startedAt = platform.clock.now()
  try {
    const made = await embed(
      model.connection,
      {
        model: model.providerModel,
        input,
        ...(body.dimensions == null ? {} : { dimensions: body.dimensions }),
      },
      { transport: platform.outbound.transport, signal },
    )
    count(ctx, model, startedAt, { state: 'finished', error: null, inputTokens: made.inputTokens })
    return made
  } catch (error) {
    if (signal.aborted) {
      count(ctx, model, startedAt, { state: 'stopped', error: null, inputTokens: null })
      throw new AppError('gateway.caller-gone')
    }
    if (!(error instanceof ProviderError)) throw error
    const problem = problemOf(error)
    count(ctx, model, startedAt, { state: 'failed', error: problem, inputTokens: null })
    throw new AppError(problem.code as ErrorCode, problem.params)
  }
}

/** Vectors of texts in OpenAI's shape. */
export async function embedTexts(ctx: Context, body: Body, io: HandlerIo): Promise<Reply> {
  const model = await modelFor(ctx, body.model)
  if (model.kind !== 'embedding') throw new AppError('gateway.not-for-embeddings', { name: model.name })
  const { vectors, inputTokens } = await call(ctx, model, body, io.signal)
  const encode = body.encoding_format === 'base64' ? base64Of : (vector: number[]) => vector
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: encode(vector) })),
    model: model.name,
    usage: { prompt_tokens: inputTokens ?? 0, total_tokens: inputTokens ?? 0 },
  }
}

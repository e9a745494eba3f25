import type { RouteHandlerInput } from '@anneal/contract'
import { type Connection, type ProbeStep, type ProviderKind, probe } from '@anneal/providers'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { type EventsReply, eventsReply } from '../../platform/http/index.ts'
import { providerConnection } from './callable-model.ts'
import { connectionFor, modelFor } from './load.ts'
import { noteCall } from './note-call.ts'
import { plainParams } from './problem.ts'

type Draft = RouteHandlerInput<'models.test'>['body']

const firstTokenTimeoutMs = 120_000
const idleTimeoutMs = 60_000

export interface Tried {
  kind: ProviderKind
  connection: Connection
  name: string
  /** Nothing of the stored connection was changed. */
  asStored: boolean
}

/** What is tried: a stored connection with the draft's changes on top, or a draft alone. */
export async function tried(ctx: Context, draft: Draft): Promise<Tried> {
  const { read } = ctx.platform.db
  const stored = draft.connectionId ? await connectionFor(ctx, read, draft.connectionId, 'use') : null
  const kind = draft.provider ?? stored?.provider
  const baseUrl = draft.baseUrl ?? stored?.base_url
  if (!kind || !baseUrl) {
    throw new AppError('platform.invalid-input', {}, { fields: [{ pointer: '/baseUrl', code: 'required' }] })
  }
  /* A stored key goes to the stored address alone: a draft that names another one must bring its own key. */
  const ownKey = stored && stored.base_url === baseUrl ? providerConnection(ctx, stored) : null
  const connection: Connection = { ...ownKey, baseUrl, ...(draft.apiKey ? { apiKey: draft.apiKey } : {}) }
  const asStored = ownKey !== null && kind === stored?.provider && !draft.apiKey
  const name = stored?.name ?? new URL(baseUrl).host
  return { kind: kind as ProviderKind, connection, name, asStored }
}

/** Tests a connection and a model; each step is sent as `step` when it begins and ends, then `done`. */
export async function testModel(ctx: Context, draft: Draft): Promise<EventsReply> {
  const { platform } = ctx
  const row = draft.modelId ? await modelFor(ctx, platform.db.read, draft.modelId, 'use') : null
  const connectionId = draft.connectionId ?? row?.connection_id
  const { kind, connection, asStored } = await tried(ctx, { ...draft, connectionId })
  const model = draft.providerModel ?? row?.provider_model
  if (!model) {
    throw new AppError(
      'platform.invalid-input',
      {},
      { fields: [{ pointer: '/providerModel', code: 'required' }] },
    )
  }
  // Another address, key or id says nothing of the model as others call it.
  const isAsStored = asStored && connectionId === row?.connection_id && model === row?.provider_model
  return eventsReply(async (send, signal) => {
    const seen = new Map<string, ProbeStep>()
    await probe(
      { kind, connection, model },
      { transport: platform.outbound.transport, signal, firstTokenTimeoutMs, idleTimeoutMs },
      (step) => {
        seen.set(step.step, step)
        const { code = null, params = {}, ...rest } = step
        send({ event: 'step', data: { ...rest, code, params: plainParams(params) } })
      },
    )
    if (row && isAsStored) noteProbe(ctx, row.id, [...seen.values()])
    send({ event: 'done', data: {} })
  })
}

function noteProbe(ctx: Context, modelId: string, steps: readonly ProbeStep[]): void {
  const failed = steps.find((step) => step.state === 'failed')
  const firstToken = steps.find((step) => step.step === 'first-token' && step.state === 'passed')
  const rate = steps.find((step) => step.step === 'stream')?.params?.['tokensPerSecond']
  noteCall(ctx.platform, {
    modelId,
    error: failed
      ? { code: failed.code ?? 'provider.failed', params: plainParams(failed.params ?? {}) }
      : null,
    firstTokenMs: firstToken?.ms ?? null,
    tokensPerSecond: typeof rate === 'number' ? rate : null,
  })
}

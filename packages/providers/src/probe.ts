import type { EventParams, ReasoningProfile, StreamEvent } from '@anneal/contract'
import { networkError } from './http/network-error.ts'
import { dialectOf } from './openai/dialects.ts'
import type {
  ChatRequest,
  Connection,
  ListedModel,
  ProviderKind,
  Transport,
  TransportReply,
} from './provider.ts'
import type { ProviderError, ProviderErrorCode } from './provider-error.ts'
import { providers } from './providers.ts'
import { rateOf } from './probe-rate.ts'

export type ProbeStepName = 'reach' | 'authenticate' | 'list-models' | 'first-token' | 'stream'

/** What a step found that is no failure. */
export type ProbeNote =
  | 'provider.list-not-offered'
  | 'provider.model-not-listed'
  | 'provider.nothing-shown'
  | 'provider.rate-unknown'

export interface ProbeStep {
  step: ProbeStepName
  state: 'running' | 'passed' | 'warning' | 'failed' | 'skipped'
  /** Time the step has taken so far. */
  ms: number
  /** Why, unless it simply passed. */
  code?: ProviderErrorCode | ProbeNote
  params?: EventParams
}

export interface ProbeRequest {
  kind: ProviderKind
  connection: Connection
  model: string
  reasoningProfile?: ReasoningProfile
}

export interface ProbeContext {
  transport: Transport
  signal: AbortSignal
  firstTokenTimeoutMs: number
  idleTimeoutMs: number
}

type Report = (
  step: ProbeStepName,
  state: ProbeStep['state'],
  more?: Pick<ProbeStep, 'code' | 'params'>,
) => void

const PROMPT = 'Count from 1 to 10.'
const MAX_TOKENS = 48

const isDenied = (error: ProviderError): boolean =>
  error.code === 'provider.unauthorized' || error.code === 'provider.forbidden'

/** The address answers, but has no list of models (`transformers serve` answers 500 without a cache of the hub). */
const offersNoList = (error: ProviderError, request: ProbeRequest): boolean => {
  if (error.status === 404 || error.status === 405 || error.status === 501) return true
  return error.status === 500 && dialectOf(request.connection) === 'transformers-serve'
}

const reporter = (onStep: (step: ProbeStep) => void): Report => {
  const startedAt = new Map<ProbeStepName, number>()
  const last = new Map<ProbeStepName, ProbeStep['state']>()
  return (step, state, more = {}) => {
    if (last.get(step) === state) return
    last.set(step, state)
    const now = performance.now()
    if (state === 'running') startedAt.set(step, now)
    onStep({ step, state, ms: Math.round(now - (startedAt.get(step) ?? now)), ...more })
  }
}

const reportList = (models: ListedModel[], request: ProbeRequest, report: Report): void => {
  const { model } = request
  const params = { count: models.length, model }
  // Ollama lists `name:latest` for what is asked for as `name`.
  const listed = models.some(({ id }) => id === model || id === `${model}:latest`)
  if (listed) report('list-models', 'passed', { params })
  else report('list-models', 'warning', { code: 'provider.model-not-listed', params })
}

/** Asks for the list of models, which shows three things at once. Answers whether it makes sense to go on. */
const probeList = async (request: ProbeRequest, context: ProbeContext, report: Report): Promise<boolean> => {
  let reached = false
  const reach = async (options: Parameters<Transport['request']>[0]): Promise<TransportReply> => {
    const reply = await context.transport.request(options)
    reached = true
    const { remoteAddress } = reply
    report('reach', 'passed', {
      params: { url: new URL(options.url).origin, ...(remoteAddress && { address: remoteAddress }) },
    })
    report('authenticate', 'running')
    return reply
  }
  report('reach', 'running')
  try {
    const listing = { transport: { request: reach }, signal: context.signal }
    const models = await providers[request.kind].listModels(request.connection, listing)
    report('authenticate', 'passed')
    report('list-models', 'running')
    reportList(models, request, report)
    return true
  } catch (caught) {
    if (context.signal.aborted) throw context.signal.reason
    const error = networkError(caught)
    const { code, params } = error
    if (!reached) {
      report('reach', 'failed', { code, params })
      return false
    }
    if (isDenied(error)) {
      report('authenticate', 'failed', { code, params })
      return false
    }
    // Whether the key is good is seen by the generation that follows.
    if (offersNoList(error, request)) report('list-models', 'skipped', { code: 'provider.list-not-offered' })
    else report('list-models', 'warning', { code, params })
    return true
  }
}

interface Heard {
  /** When each piece came. */
  arrivals: number[]
  reasoningShown: boolean
  usage: Extract<StreamEvent, { type: 'usage' }> | undefined
}

const listen = (heard: Heard, report: Report): ((event: StreamEvent) => void) => {
  const { arrivals } = heard
  return (event) => {
    if (event.type === 'usage') heard.usage = event
    if (event.type !== 'reasoning-delta' && event.type !== 'text-delta') return
    if (event.type === 'reasoning-delta') heard.reasoningShown = true
    if (arrivals.length === 0) {
      report('authenticate', 'passed')
      report('first-token', 'passed')
      report('stream', 'running')
    }
    arrivals.push(performance.now())
  }
}

/** The generation ended well; it may have shown nothing, where all was spent on reasoning that stays hidden. */
const reportEnd = ({ arrivals, reasoningShown, usage }: Heard, report: Report): void => {
  if (arrivals.length === 0) {
    report('authenticate', 'passed')
    report('first-token', 'warning', { code: 'provider.nothing-shown' })
    report('stream', 'skipped')
    return
  }
  const hidden = reasoningShown ? 0 : (usage?.reasoningTokens ?? 0)
  const params = rateOf(arrivals, usage, hidden)
  if (params.tokensPerSecond !== undefined) report('stream', 'passed', { params })
  else report('stream', 'warning', { code: 'provider.rate-unknown', params })
}

/** One short generation: shows whether the key is good for the model, when it begins and how fast it goes on. */
const probeStream = async (
  request: ProbeRequest,
  context: ProbeContext,
  report: Report,
): Promise<boolean> => {
  const heard: Heard = { arrivals: [], reasoningShown: false, usage: undefined }
  report('first-token', 'running')
  const { kind, connection, model, reasoningProfile = 'at-start' } = request
  const chat: ChatRequest = {
    connection,
    model,
    messages: [{ role: 'user', content: PROMPT }],
    parameters: { maxTokens: MAX_TOKENS },
    reasoningProfile,
  }
  try {
    await providers[kind].stream(chat, { ...context, emit: listen(heard, report) })
    context.signal.throwIfAborted()
    reportEnd(heard, report)
    return true
  } catch (caught) {
    if (context.signal.aborted) throw context.signal.reason
    const error = networkError(caught)
    const { code, params } = error
    if (heard.arrivals.length > 0) report('stream', 'failed', { code, params })
    else {
      report(isDenied(error) ? 'authenticate' : 'first-token', 'failed', { code, params })
      if (isDenied(error)) report('first-token', 'skipped')
      report('stream', 'skipped')
    }
    return false
  }
}

/**
 * Tests a connection in real steps, each reported as it begins and ends, for the cost of one short generation. Resolves
 * to whether all went well; failures are steps, not rejections. Rejects with the signal's reason when it is aborted.
 */
export const probe = async (
  request: ProbeRequest,
  context: ProbeContext,
  onStep: (step: ProbeStep) => void,
): Promise<boolean> => {
  const settled = new Set<ProbeStepName>()
  const report = reporter((step) => {
    if (step.state !== 'running') settled.add(step.step)
    onStep(step)
  })
  if (await probeList(request, context, report)) return probeStream(request, context, report)
  for (const step of ['authenticate', 'list-models', 'first-token', 'stream'] as const) {
    if (!settled.has(step)) report(step, 'skipped')
  }
  return false
}

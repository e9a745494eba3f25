import type { RouteInput } from '@anneal/contract'
import {
  type Capabilities,
  type Model,
  type OfferedModel,
  type Parameters,
  type ProviderKind,
  type ReasoningProfile,
  usualAddress,
} from '../models.api.ts'
import { microsOf, priceText } from './money-text.ts'

export interface ConnectionFields {
  provider: ProviderKind
  baseUrl: string
  apiKey: string
  connectionName: string
}

/** What stands in the form of a model, as text where it is typed. */
export interface Fields extends ConnectionFields {
  /** Empty: a connection that is made with the model. */
  connectionId: string
  providerModel: string
  name: string
  kind: Model['kind']
  enabled: boolean
  visibility: Model['visibility']
  contextWindow: string
  maxOutput: string
  capabilities: Capabilities
  reasoningProfile: ReasoningProfile
  currency: string
  priceInput: string
  priceCached: string
  priceOutput: string
  temperature: string
  topP: string
  maxTokens: string
  seed: string
  stop: string
  reasoningEffort: 'none' | 'low' | 'medium' | 'high'
}

const unknown: Capabilities = { reasoning: null, tools: null, vision: null, json: null }

export function emptyFields(): Fields {
  return {
    connectionId: '',
    provider: 'openai-compatible',
    baseUrl: usualAddress['openai-compatible'],
    apiKey: '',
    connectionName: '',
    providerModel: '',
    name: '',
    kind: 'chat',
    enabled: true,
    visibility: 'everyone',
    contextWindow: '',
    maxOutput: '',
    capabilities: { ...unknown },
    reasoningProfile: 'at-start',
    currency: 'USD',
    priceInput: '',
    priceCached: '',
    priceOutput: '',
    temperature: '',
    topP: '',
    maxTokens: '',
    seed: '',
    stop: '',
    reasoningEffort: 'none',
  }
}

const text = (value: number | null | undefined): string => value?.toString() ?? ''

export function fieldsOf(model: Model): Partial<Fields> {
  const { price, parameters } = model
  return {
    connectionId: model.connectionId,
    provider: model.provider,
    providerModel: model.providerModel,
    name: model.name,
    kind: model.kind,
    enabled: model.enabled,
    visibility: model.visibility,
    contextWindow: text(model.contextWindow),
    maxOutput: text(model.maxOutput),
    capabilities: { ...model.capabilities },
    reasoningProfile: model.reasoningProfile,
    currency: price?.currency ?? 'USD',
    priceInput: priceText(price?.inputMicros ?? null),
    priceCached: priceText(price?.cachedInputMicros ?? null),
    priceOutput: priceText(price?.outputMicros ?? null),
    temperature: text(parameters.temperature),
    topP: text(parameters.topP),
    maxTokens: text(parameters.maxTokens),
    seed: text(parameters.seed),
    stop: parameters.stop?.join('\n') ?? '',
    reasoningEffort: parameters.reasoningEffort ?? 'none',
  }
}

/** What the provider says of a model goes into fields that nobody has filled in. */
export function suggest(fields: Fields, offered: OfferedModel): void {
  fields.kind = offered.kind
  fields.contextWindow ||= text(offered.contextWindow)
  fields.maxOutput ||= text(offered.maxOutput)
  const said = Object.values(fields.capabilities).some((value) => value !== null)
  if (!said) fields.capabilities = { ...offered.capabilities }
  if (fields.priceInput !== '' || fields.priceOutput !== '' || !offered.price) return
  fields.currency = offered.price.currency
  fields.priceInput = priceText(offered.price.inputMicros)
  fields.priceCached = priceText(offered.price.cachedInputMicros)
  fields.priceOutput = priceText(offered.price.outputMicros)
}

/** What somebody else has stored meanwhile goes into the fields that were left as they were; what was changed here stays. */
export function takeOver(fields: Fields, initial: Fields, stored: Fields): Fields {
  const own = Object.entries(fields).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(initial[key as keyof Fields]),
  )
  return { ...stored, ...Object.fromEntries(own) }
}

export type FieldError = 'whole' | 'price' | 'incomplete' | 'currency' | 'temperature' | 'topP' | 'stop'
type Checked =
  | 'contextWindow'
  | 'maxOutput'
  | 'currency'
  | 'priceInput'
  | 'priceCached'
  | 'priceOutput'
  | 'temperature'
  | 'topP'
  | 'maxTokens'
  | 'seed'
  | 'stop'

const whole = (value: string, least = 1): boolean =>
  value.trim() === '' || (/^\d{1,9}$/.test(value.trim()) && Number(value) >= least)
const between = (value: string, to: number): boolean =>
  value.trim() === '' || (/^\d+(?:\.\d+)?$/.test(value.trim()) && Number(value) <= to)
const lines = (value: string): string[] => value.split('\n').filter((line) => line !== '')

/** What is wrong, by field; empty where all can be sent. */
export function faultsOf(fields: Fields): Partial<Record<Checked, FieldError>> {
  const faults: Partial<Record<Checked, FieldError>> = {}
  for (const key of ['contextWindow', 'maxOutput', 'maxTokens'] as const) {
    if (!whole(fields[key])) faults[key] = 'whole'
  }
  if (!whole(fields.seed, 0)) faults.seed = 'whole'
  if (!between(fields.temperature, 2)) faults.temperature = 'temperature'
  if (!between(fields.topP, 1)) faults.topP = 'topP'
  if (lines(fields.stop).length > 4) faults.stop = 'stop'
  for (const key of ['priceInput', 'priceCached', 'priceOutput'] as const) {
    if (microsOf(fields[key]) === undefined) faults[key] = 'price'
  }
  const isPriced = [fields.priceInput, fields.priceCached, fields.priceOutput].some((one) => one.trim())
  for (const key of ['priceInput', 'priceOutput'] as const) {
    if (isPriced && fields[key].trim() === '') faults[key] = 'incomplete'
  }
  if (isPriced && !/^[A-Za-z]{3}$/.test(fields.currency.trim())) faults.currency = 'currency'
  return faults
}

const numberOf = (value: string): number | null => (value.trim() === '' ? null : Number(value))

function priceOf(fields: Fields): Model['price'] {
  const inputMicros = microsOf(fields.priceInput)
  const outputMicros = microsOf(fields.priceOutput)
  if (inputMicros == null || outputMicros == null) return null
  const cachedInputMicros = microsOf(fields.priceCached) ?? null
  return { currency: fields.currency.trim().toUpperCase(), inputMicros, cachedInputMicros, outputMicros }
}

function parametersOf(fields: Fields): Parameters {
  const { temperature, topP, maxTokens, seed, stop, reasoningEffort } = fields
  const given = { temperature, topP, maxTokens, seed }
  return {
    ...Object.fromEntries(
      Object.entries(given).flatMap(([key, value]) => (value.trim() === '' ? [] : [[key, Number(value)]])),
    ),
    ...(lines(stop).length > 0 ? { stop: lines(stop) } : {}),
    ...(reasoningEffort === 'none' ? {} : { reasoningEffort }),
  }
}

/** What is sent of fields without a fault. */
export function bodyOf(
  fields: Fields,
): Omit<RouteInput<'models.create'>['body'], 'connectionId' | 'providerModel'> {
  return {
    name: fields.name.trim() || fields.providerModel.trim(),
    kind: fields.kind,
    enabled: fields.enabled,
    visibility: fields.visibility,
    contextWindow: numberOf(fields.contextWindow),
    maxOutput: numberOf(fields.maxOutput),
    capabilities: fields.capabilities,
    price: priceOf(fields),
    reasoningProfile: fields.reasoningProfile,
    parameters: parametersOf(fields),
  }
}

import { asArray, asCount, asRecord, asString } from '../json.ts'
import type { JsonRecord } from '../json.ts'
import type { ModelFacts, ModelPrice } from '../provider.ts'

/** Dollars for one token, as text, to millionths for a million tokens. */
const microsOf = (value: unknown): number | undefined => {
  const text = asString(value)
  const dollars = text === undefined || text.trim() === '' ? Number.NaN : Number(text)
  const micros = Math.round(dollars * 1e12)
  return Number.isSafeInteger(micros) && micros >= 0 ? micros : undefined
}

const priceOf = (pricing: JsonRecord | undefined): ModelPrice | undefined => {
  const inputMicros = microsOf(pricing?.prompt)
  const outputMicros = microsOf(pricing?.completion)
  if (inputMicros === undefined || outputMicros === undefined) return undefined
  const cachedInputMicros = microsOf(pricing?.input_cache_read) ?? null
  return { currency: 'USD', inputMicros, cachedInputMicros, outputMicros }
}

/** Servers that say more of their models than an id: vLLM its length, OpenRouter length, abilities and price. */
export const listedFacts = (model: JsonRecord): ModelFacts => {
  const contextWindow = asCount(model.max_model_len) ?? asCount(model.context_length)
  const maxOutput = asCount(asRecord(model.top_provider)?.max_completion_tokens)
  const facts: ModelFacts = {
    ...(contextWindow && { contextWindow }),
    ...(maxOutput && { maxOutput }),
  }
  const price = priceOf(asRecord(model.pricing))
  if (price) facts.price = price
  if (!Array.isArray(model.supported_parameters)) return facts
  const names = new Set(model.supported_parameters.map(asString))
  const inputs = asArray(asRecord(model.architecture)?.input_modalities)
  facts.capabilities = {
    reasoning: names.has('reasoning') || names.has('include_reasoning'),
    tools: names.has('tools'),
    vision: inputs.includes('image'),
    json: names.has('structured_outputs') || names.has('response_format'),
  }
  return facts
}

import { asArray, asCount, asRecord, asString } from '../json.ts'
import type { ModelFacts } from '../provider.ts'

/** What `/api/show` says: capabilities by name, and the context's length under the name of the architecture. */
export const factsOf = (json: unknown): ModelFacts => {
  const body = asRecord(json)
  const info = asRecord(body?.model_info)
  const architecture = asString(info?.['general.architecture'])
  const contextWindow = architecture && asCount(info?.[`${architecture}.context_length`])
  const facts: ModelFacts = contextWindow ? { contextWindow } : {}
  // Older servers say nothing of capabilities.
  if (!Array.isArray(body?.capabilities)) return facts
  const names = new Set(asArray(body.capabilities).map(asString))
  if (names.has('embedding')) return { ...facts, kind: 'embedding' }
  return {
    ...facts,
    kind: 'chat',
    // Every chat model follows a JSON schema here: Ollama itself holds its words to it.
    capabilities: {
      reasoning: names.has('thinking'),
      tools: names.has('tools'),
      vision: names.has('vision'),
      json: true,
    },
  }
}

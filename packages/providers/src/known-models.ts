import type { ModelFacts } from './provider.ts'

type Row = readonly [pattern: RegExp, facts: ModelFacts]

const all = { reasoning: true, tools: true, vision: true, json: true }
const noReasoning = { reasoning: false, tools: true, vision: true, json: true }
const textReasoning = { reasoning: true, tools: true, vision: false, json: true }
const textOnly = { reasoning: false, tools: true, vision: false, json: true }

/**
 * What makers have published of models whose lists say nothing but ids: a suggestion for the form, changeable there.
 * The first row that fits counts. No prices: they change, and differ by contract.
 */
const rows: readonly Row[] = [
  [/embed|(^|[/-])(bge|e5|gte)-|(^|\/)all-minilm/, { kind: 'embedding' }],
  [/^gpt-5/, { contextWindow: 400_000, maxOutput: 128_000, capabilities: all }],
  [/^gpt-4\.1/, { contextWindow: 1_047_576, maxOutput: 32_768, capabilities: noReasoning }],
  [/^gpt-4o/, { contextWindow: 128_000, maxOutput: 16_384, capabilities: noReasoning }],
  [/^gpt-oss/, { contextWindow: 131_072, capabilities: textReasoning }],
  [/^o[34](-|$)/, { contextWindow: 200_000, maxOutput: 100_000, capabilities: all }],
  [/^claude-(opus|sonnet|haiku)-4/, { contextWindow: 200_000, capabilities: { ...all, json: false } }],
  [/^claude-/, { contextWindow: 200_000, capabilities: { ...noReasoning, json: false } }],
  [/^deepseek-reasoner/, { contextWindow: 128_000, capabilities: textReasoning }],
  [/^deepseek-chat/, { contextWindow: 128_000, capabilities: textOnly }],
  [/^(qwen3-vl|qwen-vl|qwen2\.5-vl)/, { capabilities: { ...noReasoning, json: false } }],
  [/^qwen3?-max/, { contextWindow: 262_144, capabilities: textOnly }],
  [/^qwq/, { contextWindow: 131_072, capabilities: textReasoning }],
]

/** What is known of a model by its id; empty for most. A maker's name before a slash, as routers write it, is passed over. */
export const knownFacts = (id: string): ModelFacts => {
  const bare = id.toLowerCase().replace(/^[^/]*\//, '')
  return rows.find(([pattern]) => pattern.test(bare))?.[1] ?? {}
}

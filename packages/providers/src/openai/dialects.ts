import type { Connection, DialectName } from '../provider.ts'

export interface Dialect {
  maxTokens: 'max_tokens' | 'max_completion_tokens'
  /** Knows `stream_options.include_usage`; `try`: most do, and one that refuses it is asked once more without. */
  streamUsage: boolean | 'try'
  seed: boolean
  tools: boolean
  /** How much to reason: OpenAI's `reasoning_effort`, DashScope's `enable_thinking`, or not at all. */
  effort: 'reasoning_effort' | 'enable_thinking' | undefined
  /** Whether earlier reasoning goes back as `reasoning_content`. */
  sendsReasoningBack: 'never' | 'with-tool-calls'
}

const GENERIC: Dialect = {
  maxTokens: 'max_tokens',
  streamUsage: 'try',
  seed: true,
  tools: true,
  effort: 'reasoning_effort',
  sendsReasoningBack: 'never',
}

export const dialects: Record<DialectName, Dialect> = {
  generic: GENERIC,
  openai: { ...GENERIC, maxTokens: 'max_completion_tokens', streamUsage: true },
  deepseek: {
    ...GENERIC,
    streamUsage: true,
    seed: false,
    effort: undefined,
    sendsReasoningBack: 'with-tool-calls',
  },
  dashscope: { ...GENERIC, streamUsage: true, effort: 'enable_thinking' },
  vllm: { ...GENERIC, streamUsage: true },
  'transformers-serve': { ...GENERIC, streamUsage: false, tools: false, effort: undefined },
}

const byHost: [RegExp, DialectName][] = [
  [/(^|\.)openai\.com$/, 'openai'],
  [/(^|\.)deepseek\.com$/, 'deepseek'],
  [/(^|\.)aliyuncs\.com$/, 'dashscope'],
]

/** The dialect that was named, else the one that the address tells, else `generic`. */
export const dialectOf = (connection: Connection): DialectName => {
  if (connection.dialect !== undefined) return connection.dialect
  const host = URL.parse(connection.baseUrl)?.hostname ?? ''
  return byHost.find(([pattern]) => pattern.test(host))?.[1] ?? 'generic'
}

export interface ProviderLetters {
  letters: string
  hue: 'green' | 'amber' | 'blue' | 'purple' | 'red' | 'grey'
}

const known: [pattern: RegExp, mark: ProviderLetters][] = [
  [/openai|gpt|^o\d/i, { letters: 'O', hue: 'green' }],
  [/anthropic|claude/i, { letters: 'A', hue: 'amber' }],
  [/deepseek/i, { letters: 'D', hue: 'blue' }],
  [/ollama/i, { letters: 'Ol', hue: 'grey' }],
  [/qwen|dashscope|aliyun/i, { letters: 'Q', hue: 'purple' }],
  [/vllm/i, { letters: 'v', hue: 'grey' }],
  [/gemini|google/i, { letters: 'G', hue: 'blue' }],
  [/mistral/i, { letters: 'M', hue: 'amber' }],
  [/moonshot|kimi/i, { letters: 'K', hue: 'purple' }],
  [/zhipu|glm/i, { letters: 'Z', hue: 'blue' }],
  [/llama|meta/i, { letters: 'L', hue: 'blue' }],
]
const hues = ['green', 'amber', 'blue', 'purple', 'red'] as const

/** Letters and hue for a provider, connection or model name: the same name always gets the same. */
export function providerMark(name: string): ProviderLetters {
  const match = known.find(([pattern]) => pattern.test(name))
  if (match) return match[1]
  let sum = 0
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973
  const first = [...name.trim()][0] ?? '?'
  return { letters: first.toUpperCase(), hue: hues[sum % hues.length] ?? 'green' }
}

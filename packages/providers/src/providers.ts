import { anthropic } from './anthropic/anthropic-provider.ts'
import { ollama } from './ollama/ollama-provider.ts'
import { openAiCompatible } from './openai/openai-provider.ts'
import type { Provider, ProviderKind } from './provider.ts'

export const providers: Record<ProviderKind, Provider> = {
  'openai-compatible': openAiCompatible,
  anthropic,
  ollama,
}

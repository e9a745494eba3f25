const trimSlashes = (url: string): string => url.trim().replace(/\/+$/, '')

/** OpenAI's shape: a path that was given is kept, without one `/v1` is added. */
export const openAiBaseUrl = (baseUrl: string): string => {
  const trimmed = trimSlashes(baseUrl)
  return /^[a-z]+:\/\/[^/]+$/i.test(trimmed) ? `${trimmed}/v1` : trimmed
}

/** Anthropic and Ollama: their paths begin at the root, so that a trailing `/v1` is taken away. */
export const rootBaseUrl = (baseUrl: string): string => trimSlashes(trimSlashes(baseUrl).replace(/\/v1$/, ''))

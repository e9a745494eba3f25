/** What of OpenAI's chunk this page looks at. */
export interface Chunk {
  choices?: { delta?: { content?: string | null; reasoning_content?: string | null } }[]
  usage?: Usage | null
  error?: { message?: string; code?: string | null }
}

export interface Usage {
  prompt_tokens: number
  completion_tokens: number
  prompt_tokens_details?: { cached_tokens?: number }
  completion_tokens_details?: { reasoning_tokens?: number }
}

/** Reads a streamed completion to its end, as any client of OpenAI's does. */
export async function readChunks(response: Response, onChunk: (chunk: Chunk) => void): Promise<void> {
  if (!response.body) return
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const lines = (rest + value).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (!line.startsWith('data: ') || line === 'data: [DONE]') continue
      onChunk(JSON.parse(line.slice(6)) as Chunk)
    }
  }
}

export interface ServerSentEvent {
  id: string | undefined
  event: string
  data: unknown
}

function parse(block: string): ServerSentEvent | null {
  const fields = new Map<string, string>()
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trimStart())
  }
  const data = fields.get('data')
  if (data === undefined) return null
  return { id: fields.get('id'), event: fields.get('event') ?? 'message', data: JSON.parse(data) }
}

/** Reads a stream of server-sent events to its end; comments (heartbeats) are left out. */
export async function readEvents(response: Response): Promise<ServerSentEvent[]> {
  if (!response.ok) throw new Error(`the stream answered ${response.status}: ${await response.text()}`)
  const text = await response.text()
  return text.split('\n\n').flatMap((block) => parse(block) ?? [])
}

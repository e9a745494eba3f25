export interface Answered {
  status: number
  code?: string
}

/** Status and code of a reply, whose body is left unread where it is an endless stream. */
export async function answerOf(response: Response): Promise<Answered> {
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    await response.body?.cancel()
    return { status: response.status }
  }
  const text = await response.text()
  const isProblem = response.status >= 400 && text.startsWith('{')
  if (!isProblem) return { status: response.status }
  const { code, error } = JSON.parse(text) as { code?: string; error?: { code: string } }
  return { status: response.status, code: code ?? error?.code ?? '' }
}

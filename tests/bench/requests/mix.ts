import type { LoadRequest } from '../support.ts'

export interface BenchUser {
  token: string
  /** Ids of own conversations. */
  conversations: string[]
}

/** Which request comes how often, in percent. */
const shares = [
  ['list', 30],
  ['conversation', 25],
  ['models', 15],
  ['home', 10],
  ['search', 10],
  ['append', 5],
  ['rename', 5],
] as const

const plan = shares.flatMap(([kind, share]) => Array.from({ length: share }, () => kind))
/** A step that visits every place of a hundred, so that kinds alternate evenly. */
const stride = 37
const page = 30
const asked = ['drift', 'joint', 'camera', 'war', 'firm']

/** The mix of issue 1: what each user asks next. Versions are kept per conversation, so that a rename is never stale. */
export function mixOf(users: readonly BenchUser[], paths: { prefix: string; token: boolean }) {
  const versions = new Map<string, number>()
  return (user: number, sequence: number): LoadRequest => {
    const { token, conversations } = users[user] ?? { token: '', conversations: [] }
    const kind = plan[(user * 13 + sequence * stride) % plan.length] ?? 'list'
    const id = conversations[(sequence * 7 + user) % conversations.length] ?? ''
    const headers: Record<string, string> = paths.token
      ? { authorization: `Bearer ${token}` }
      : { 'x-user': token }
    const get = (path: string): LoadRequest => ({
      method: 'GET',
      path: `${paths.prefix}${path}`,
      headers,
      kind,
    })
    const write = (method: string, path: string, body: unknown): LoadRequest => ({
      method,
      path: `${paths.prefix}${path}`,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      kind,
    })
    switch (kind) {
      case 'list':
        return get(`/conversations?limit=${page}`)
      case 'conversation':
        return get(`/conversations/${id}?limit=${page}`)
      case 'models':
        return get('/models')
      case 'home':
        return get('/home')
      case 'search':
        return get(`/conversations?limit=${page}&search=${asked[sequence % asked.length]}`)
      case 'append':
        return write('POST', `/conversations/${id}/messages`, {
          text: 'The tool drifts 0.3 mm after warm-up. Why?',
          answer: false,
        })
      case 'rename': {
        const version = versions.get(id) ?? 1
        versions.set(id, version + 1)
        return write('PATCH', `/conversations/${id}`, { version, title: `thermal drift ${sequence}` })
      }
    }
  }
}

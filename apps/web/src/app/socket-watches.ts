import type { SocketMessage, SocketRequest, SocketTopic } from '@anneal/contract'

export type TopicMessage<T extends SocketTopic> = Extract<SocketMessage, { type: T }>
type AnyTopicMessage = TopicMessage<SocketTopic>

interface Watch {
  topic: SocketTopic
  id: string
  after: number
  deliver: (message: AnyTopicMessage) => void
  onRefused: ((code: string) => void) | undefined
}

/** The highest number that a message brings, to resume after it. */
function lastOf(message: AnyTopicMessage): number {
  if (message.type === 'generation') return message.events.at(-1)?.seq ?? 0
  if (message.type === 'log') return message.lines.at(-1)?.line ?? 0
  return message.after
}

/** What of a message is new to one that has seen up to `after`; null when nothing is. */
function newOf(message: AnyTopicMessage, after: number): AnyTopicMessage | null {
  if (message.type === 'generation') {
    const events = message.events.filter((event) => event.seq > after)
    return events.length || message.done ? { ...message, events } : null
  }
  if (message.type === 'log') {
    const lines = message.lines.filter((line) => line.line > after)
    return lines.length ? { ...message, lines } : null
  }
  return message.after > after ? message : null
}

/** The topics that this tab follows; several parts of a page may follow the same one, each at its own number. */
export function createWatches(send: (message: SocketRequest) => boolean) {
  const watches = new Map<string, Set<Watch>>()
  const keyOf = (topic: SocketTopic, id: string): string => `${topic} ${id}`

  function ask(set: Set<Watch>): void {
    const [first] = set
    if (!first) return
    const after = Math.min(...[...set].map((watch) => watch.after))
    send({ type: 'watch', topic: first.topic, id: first.id, after })
  }

  function add<T extends SocketTopic>(
    topic: T,
    id: string,
    options: {
      after?: number
      onMessages: (messages: TopicMessage<T>[]) => void
      onRefused?: (code: string) => void
    },
  ): () => void {
    const key = keyOf(topic, id)
    const set = watches.get(key) ?? new Set<Watch>()
    const watch: Watch = {
      topic,
      id,
      after: options.after ?? 0,
      deliver: (message) => options.onMessages([message as TopicMessage<T>]),
      onRefused: options.onRefused,
    }
    if (set.size) send({ type: 'unwatch', topic, id })
    watches.set(key, set.add(watch))
    ask(set)
    return () => {
      if (!set.delete(watch) || set.size) return
      watches.delete(key)
      send({ type: 'unwatch', topic, id })
    }
  }

  function deliver(message: Exclude<SocketMessage, { type: 'ready' | 'change' }>): void {
    if (message.type === 'refused') {
      for (const watch of watches.get(keyOf(message.topic, message.id)) ?? []) watch.onRefused?.(message.code)
      return
    }
    for (const watch of watches.get(keyOf(message.type, message.id)) ?? []) {
      const news = newOf(message, watch.after)
      if (!news) continue
      watch.after = Math.max(watch.after, lastOf(message))
      watch.deliver(news)
    }
  }

  return { add, deliver, resume: () => watches.forEach(ask) }
}

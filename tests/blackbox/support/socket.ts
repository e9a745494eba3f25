import type { Change, LogLine, NumberedStreamEvent, SocketMessage, SocketTopic } from '@anneal/contract'
import type { Client } from '../../support/client.ts'
import { until } from '../../support/until.ts'

type Of<T extends SocketMessage['type']> = Extract<SocketMessage, { type: T }>

/** One tab of the page: its socket, with all that came over it and when. */
export class Tab {
  readonly messages: { at: number; message: SocketMessage }[] = []
  /** The close code; undefined while it is open. */
  closed: number | undefined
  readonly #socket: WebSocket

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => {
      for (const message of JSON.parse(String(data)) as SocketMessage[])
        this.messages.push({ at: performance.now(), message })
    })
    socket.addEventListener('close', ({ code }) => (this.closed = code))
  }

  /** Opens the socket with the client's token and waits until the server is ready. */
  static async open(client: Client, after?: number): Promise<Tab> {
    const socket = new WebSocket(`${client.baseUrl.replace('http', 'ws')}/api/v1/socket`)
    const tab = new Tab(socket)
    const opened = new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve(), { once: true })
      socket.addEventListener('error', () => reject(new Error('the socket did not open')), { once: true })
    })
    await opened
    tab.send({ type: 'hello', token: client.token, after })
    await until(() => tab.of('ready').length > 0 || tab.closed, { what: 'ready' })
    return tab
  }

  send(message: object): void {
    this.#socket.send(JSON.stringify(message))
  }

  watch(topic: SocketTopic, id: string, after = 0): void {
    this.send({ type: 'watch', topic, id, after })
  }

  of<T extends SocketMessage['type']>(type: T): Of<T>[] {
    return this.messages.map(({ message }) => message).filter((message) => message.type === type) as Of<T>[]
  }

  changes(kind: string, id: string): Change[] {
    return this.of('change')
      .map(({ change }) => change)
      .filter((change) => change.kind === kind && change.id === id)
  }

  events(id: string): NumberedStreamEvent[] {
    return this.of('generation').flatMap((message) => (message.id === id ? message.events : []))
  }

  isDone(id: string): boolean {
    return this.of('generation').some((message) => message.id === id && message.done)
  }

  lines(id: string): LogLine[] {
    return this.of('log').flatMap((message) => (message.id === id ? message.lines : []))
  }

  /** What came of a run's points: one entry an arrival. */
  arrivals(id: string): { at: number; message: Of<'points'> }[] {
    return this.messages.filter(
      (entry): entry is { at: number; message: Of<'points'> } =>
        entry.message.type === 'points' && entry.message.id === id,
    )
  }

  close(): void {
    this.#socket.close()
  }
}

/** The text that an answer's events add up to, without its reasoning. */
export function textOf(events: readonly NumberedStreamEvent[]): string {
  return events.map(({ event }) => (event.type === 'text-delta' ? event.text : '')).join('')
}

import type { SocketMessage } from '@anneal/contract'

/** What one reader is sent over: a WebSocket, or what stands in for it in tests. */
export interface Wire {
  send(text: string): void
  /** Bytes handed over and not yet taken by the network. */
  readonly bufferedAmount: number
}

/** A reader that leaves this much unread on the wire, and as much again behind it, is dropped. */
const limitBytes = 64 * 1024

export const tickMs = 40

/**
 * Gathers messages and sends them as one array a tick. While the wire is full nothing more is put on it; a large
 * answer that is caught up with may take its time, but what comes meanwhile may not pile up.
 */
export class Outbox {
  readonly #wire: Wire
  readonly #onTooSlow: () => void
  #pending: string[] = []
  #pendingBytes = 0

  constructor(wire: Wire, onTooSlow: () => void) {
    this.#wire = wire
    this.#onTooSlow = onTooSlow
  }

  get isEmpty(): boolean {
    return this.#pending.length === 0
  }

  push(message: SocketMessage): void {
    const text = JSON.stringify(message)
    this.#pending.push(text)
    this.#pendingBytes += text.length
  }

  flush(): void {
    if (this.isEmpty) return
    if (this.#wire.bufferedAmount > limitBytes) {
      if (this.#pendingBytes > limitBytes) this.#onTooSlow()
      return
    }
    const frame = `[${this.#pending.join(',')}]`
    this.#pending = []
    this.#pendingBytes = 0
    this.#wire.send(frame)
  }
}

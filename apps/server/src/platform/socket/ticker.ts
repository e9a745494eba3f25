import type { Outbox } from './outbox.ts'
import { tickMs } from './outbox.ts'

/** One timer for all readers, running only while someone has something to be sent. */
export class Ticker {
  readonly #waiting = new Set<Outbox>()
  #timer: NodeJS.Timeout | undefined

  wake(outbox: Outbox): void {
    this.#waiting.add(outbox)
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#tick(), tickMs)
  }

  forget(outbox: Outbox): void {
    this.#waiting.delete(outbox)
  }

  #tick(): void {
    this.#timer = undefined
    for (const outbox of this.#waiting) {
      outbox.flush()
      if (outbox.isEmpty) this.#waiting.delete(outbox)
    }
    if (this.#waiting.size > 0) this.#timer = setTimeout(() => this.#tick(), tickMs)
  }
}

import { createParser } from 'eventsource-parser'
import { asRecord } from '../json.ts'
import type { JsonRecord } from '../json.ts'
import { ProviderError } from '../provider-error.ts'

const LIMIT = 8 * 1024 * 1024

/** Server-sent events whose data are JSON objects. Throws `provider.garbage` for anything else. */
export class SseJsonReader {
  #events = 0
  #start = ''
  #ending = false
  readonly #take: (json: JsonRecord) => void
  readonly #onDone: () => void
  readonly #parser = createParser({
    maxBufferSize: LIMIT,
    onEvent: ({ data }) => this.#read(data),
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') throw new ProviderError('provider.garbage')
    },
  })

  /** `onDone` is called for OpenAI's `[DONE]`. */
  constructor(take: (json: JsonRecord) => void, onDone: () => void) {
    this.#take = take
    this.#onDone = onDone
  }

  feed(text: string): void {
    if (this.#events === 0 && this.#start.length < 100) this.#start += text.slice(0, 100)
    this.#parser.feed(text)
  }

  /** The body has ended: a last event without its blank line still counts, half of one does not. */
  end(): void {
    this.#ending = true
    this.#parser.feed('\n\n')
    if (this.#events > 0 || this.#start.trim() === '') return
    throw new ProviderError('provider.garbage', { params: { start: this.#start.slice(0, 100) } })
  }

  #read(data: string): void {
    if (data === '[DONE]') {
      this.#events++
      return this.#onDone()
    }
    let json: JsonRecord | undefined
    try {
      json = asRecord(JSON.parse(data))
    } catch (cause) {
      if (this.#ending && this.#events > 0) return
      throw new ProviderError('provider.garbage', { params: { start: data.slice(0, 100) }, cause })
    }
    if (json === undefined)
      throw new ProviderError('provider.garbage', { params: { start: data.slice(0, 100) } })
    this.#events++
    this.#take(json)
  }
}

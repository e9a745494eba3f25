import type { FinishReason, ReasoningProfile, StreamEvent } from '@anneal/contract'
import { ReasoningParser } from './reasoning-parser.ts'

export interface MessageAssemblerOptions {
  profile: ReasoningProfile
  emit(event: StreamEvent): void
  now?(): number
}

export type UsageCounts = Omit<Extract<StreamEvent, { type: 'usage' }>, 'type'>

/**
 * Turns what an adapter reads (native reasoning, text, tool calls) into well-formed events: blocks never overlap (tool
 * calls made side by side excepted), each is ended, and text passes through the reasoning parser unless the provider has a field of its own for reasoning.
 */
export class MessageAssembler {
  /** Pieces of content seen so far. */
  pieces = 0
  /** When the last piece came. */
  lastPieceAt: number
  readonly #emit: (event: StreamEvent) => void
  readonly #now: () => number
  readonly #parser: ReasoningParser
  #nativeSince: number | undefined
  #openTools: string[] = []
  #usage: UsageCounts = {}

  constructor(options: MessageAssemblerOptions) {
    this.#emit = options.emit
    this.#now = options.now ?? (() => performance.now())
    this.#parser = new ReasoningParser({ profile: options.profile, emit: this.#emit, now: this.#now })
    this.lastPieceAt = performance.now()
  }

  /** Reasoning from a field of the provider's own. */
  reasoning(text: string): void {
    if (text === '') return
    this.#seen()
    this.#openReasoning()
    this.#emit({ type: 'reasoning-delta', text })
  }

  text(text: string): void {
    if (text === '') return
    this.#seen()
    this.#endTools()
    this.endReasoning()
    this.#parser.push(text)
  }

  endReasoning(proof: { signature?: string; unterminated?: boolean } = {}): void {
    if (this.#nativeSince === undefined) return
    const durationMs = Math.max(0, Math.round(this.#now() - this.#nativeSince))
    this.#nativeSince = undefined
    this.#emit({ type: 'reasoning-end', durationMs, ...proof })
  }

  /** A block of reasoning that only the provider can read. */
  redacted(data: string): void {
    this.#seen()
    this.endReasoning()
    this.#openReasoning()
    this.#nativeSince = undefined
    this.#emit({ type: 'reasoning-end', durationMs: 0, redacted: data })
  }

  startTool(id: string, name: string): void {
    this.#seen()
    this.endReasoning()
    this.#parser.boundary()
    this.#openTools.push(id)
    this.#emit({ type: 'tool-call-start', id, name })
  }

  /** A piece of the arguments (JSON text) of a tool call that is open. */
  toolText(id: string, text: string): void {
    if (text === '' || !this.#openTools.includes(id)) return
    this.#seen()
    this.#emit({ type: 'tool-call-delta', id, text })
  }

  endTool(id: string): void {
    if (!this.#openTools.includes(id)) return
    this.#openTools = this.#openTools.filter((open) => open !== id)
    this.#emit({ type: 'tool-call-end', id })
  }

  /** Later counts replace earlier ones: providers send totals. */
  usage(counts: UsageCounts): void {
    for (const [name, count] of Object.entries(counts)) {
      if (count !== undefined) this.#usage = { ...this.#usage, [name]: count }
    }
  }

  /** Ends open blocks and says what was used; called once, before `finish` or before the error is thrown. */
  close(): void {
    this.#endTools()
    this.endReasoning({ unterminated: true })
    this.#parser.end()
    if (Object.keys(this.#usage).length > 0) this.#emit({ type: 'usage', ...this.#usage })
    this.#usage = {}
  }

  finish(reason: FinishReason): void {
    this.close()
    this.#emit({ type: 'finish', reason })
  }

  #openReasoning(): void {
    this.#endTools()
    if (this.#nativeSince !== undefined) return
    this.#parser.turnOff()
    this.#nativeSince = this.#now()
    this.#emit({ type: 'reasoning-start' })
  }

  #endTools(): void {
    for (const id of this.#openTools) this.endTool(id)
  }

  #seen(): void {
    this.pieces++
    this.lastPieceAt = performance.now()
  }
}

import type { NumberedStreamEvent, StreamEvent, Visibility } from '@anneal/contract'
import { type Problem, plainParams } from '../models/index.ts'
import { type Meter, MeterReader } from './meter.ts'
import { PartsBuilder, type StoredPart } from './parts-builder.ts'

export type GenerationState = 'running' | 'finished' | 'stopped' | 'failed' | 'interrupted'
export type Reader = (events: readonly NumberedStreamEvent[], done: boolean) => void

type Delta = Extract<StreamEvent, { text: string }>

interface PendingDelta {
  event: Delta
  pieces: string[]
}

/**
 * An answer in the making: takes a provider's events, merges neighbouring deltas until the shared tick, numbers what is
 * left and hands it to its readers. Each event costs the same, however long the answer is.
 */
export class LiveGeneration {
  readonly id: string
  readonly ownerId: string
  readonly visibility: Visibility
  readonly startedAt: number
  /** Whether its text is kept in the database. */
  readonly saved: boolean
  /** Ends it when its last reader has gone. */
  readonly stopWhenLeft: boolean
  /** Its caller waits at the wire: it has no row, its first piece is handed on at once, and it is gone when it ends. */
  readonly direct: boolean
  readonly abort = new AbortController()
  state: GenerationState = 'running'
  finishReason: string | null = null
  error: Problem | null = null
  readonly warnings: Problem[] = []
  endedAt: number | null = null
  /** Known at its end alone; by the price that the model had when it was called. */
  cost: Pick<Meter, 'costMicros' | 'currency'> = { costMicros: null, currency: null }
  /** Everything numbered so far, oldest first; `events[n].seq` is n + 1. */
  readonly events: NumberedStreamEvent[] = []
  savedSeq = 0
  readonly readers = new Set<Reader>()
  private readonly meterReader: MeterReader
  private readonly builder = new PartsBuilder()
  private pending: (StreamEvent | PendingDelta)[] = []
  private hasSpoken = false

  constructor(facts: {
    id: string
    ownerId: string
    visibility: Visibility
    startedAt: number
    saved: boolean
    stopWhenLeft: boolean
    direct?: boolean
  }) {
    this.id = facts.id
    this.ownerId = facts.ownerId
    this.visibility = facts.visibility
    this.startedAt = facts.startedAt
    this.saved = facts.saved
    this.stopWhenLeft = facts.stopWhenLeft
    this.direct = facts.direct ?? false
    this.meterReader = new MeterReader(facts.startedAt)
  }

  add(event: StreamEvent, now: number): void {
    this.meterReader.add(event, now)
    this.builder.add(event, now)
    if (event.type === 'finish') this.finishReason = event.reason
    if (event.type === 'warning') this.warnings.push({ code: event.code, params: plainParams(event.params) })
    if (!('text' in event)) {
      this.pending.push(event)
      return
    }
    const last = this.pending.at(-1)
    if (last && 'pieces' in last && sameBlock(last.event, event)) last.pieces.push(event.text)
    else this.pending.push({ event, pieces: [event.text] })
    if (this.direct && !this.hasSpoken) {
      this.hasSpoken = true
      this.flush()
    }
  }

  /** Numbers what came since the last tick and hands it on; true if there was anything. */
  flush(): boolean {
    if (this.pending.length === 0) return false
    const fresh: NumberedStreamEvent[] = []
    for (const item of this.pending) {
      const event = 'pieces' in item ? { ...item.event, text: item.pieces.join('') } : item
      const numbered = { seq: this.events.length + 1, event }
      this.events.push(numbered)
      fresh.push(numbered)
    }
    this.pending = []
    for (const reader of this.readers) reader(fresh, false)
    return true
  }

  /** A reader goes; it may have been the last one. */
  leave(reader: Reader): void {
    this.readers.delete(reader)
    if (this.stopWhenLeft && this.readers.size === 0) this.abort.abort('stopped')
  }

  /** Tells readers that nothing more comes. */
  close(): void {
    this.flush()
    for (const reader of this.readers) reader([], true)
    this.readers.clear()
  }

  parts(): StoredPart[] {
    return this.builder.parts()
  }

  meter(now: number): Meter {
    return { ...this.meterReader.read(this.endedAt ?? now), ...this.cost }
  }

  get seq(): number {
    return this.events.length
  }
}

function sameBlock(a: Delta, b: Delta): boolean {
  return a.type === b.type && (a.type !== 'tool-call-delta' || b.type !== 'tool-call-delta' || a.id === b.id)
}

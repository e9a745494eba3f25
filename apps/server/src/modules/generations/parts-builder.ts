import type { StreamEvent } from '@anneal/contract'

/** One part of an answer as it is stored; `signature` and `redacted` go back to the provider, never to the page. */
export type StoredPart =
  | {
      type: 'reasoning'
      text: string
      durationMs: number | null
      unterminated?: boolean
      signature?: string
      redacted?: string
    }
  | { type: 'text'; text: string }
  | { type: 'tool-call'; callId: string; name: string; arguments: string }

interface OpenPart {
  type: StoredPart['type']
  pieces: string[]
  callId?: string
  name?: string
  startedAt: number
}

/** Folds stream events into parts. Pieces are joined only when asked for, so that each delta costs the same. */
export class PartsBuilder {
  private readonly done: StoredPart[] = []
  private open: OpenPart | null = null

  add(event: StreamEvent, now: number): void {
    switch (event.type) {
      case 'reasoning-start':
        return this.start({ type: 'reasoning', pieces: [], startedAt: now })
      case 'text-start':
        return this.start({ type: 'text', pieces: [], startedAt: now })
      case 'tool-call-start':
        return this.start({
          type: 'tool-call',
          pieces: [],
          callId: event.id,
          name: event.name,
          startedAt: now,
        })
      case 'reasoning-delta':
      case 'text-delta':
      case 'tool-call-delta':
        this.open?.pieces.push(event.text)
        return
      case 'reasoning-end':
        return this.endReasoning(event)
      case 'reclassify':
        if (this.open) this.open.type = 'reasoning'
        return this.close({ durationMs: this.open ? now - this.open.startedAt : null })
      case 'text-end':
      case 'tool-call-end':
        return this.close({ durationMs: null })
    }
  }

  /** All parts so far, the open one included. */
  parts(): StoredPart[] {
    const last = this.open ? partOf(this.open, { durationMs: null }) : null
    return last ? [...this.done, last] : [...this.done]
  }

  private start(part: OpenPart): void {
    this.close({ durationMs: null })
    this.open = part
  }

  private endReasoning(event: Extract<StreamEvent, { type: 'reasoning-end' }>): void {
    this.close({
      durationMs: event.durationMs,
      ...(event.unterminated ? { unterminated: true } : {}),
      ...(event.signature ? { signature: event.signature } : {}),
      ...(event.redacted ? { redacted: event.redacted } : {}),
    })
  }

  private close(reasoning: ReasoningFacts): void {
    if (!this.open) return
    const part = partOf(this.open, reasoning)
    if (part) this.done.push(part)
    this.open = null
  }
}

interface ReasoningFacts {
  durationMs: number | null
  unterminated?: boolean
  signature?: string
  redacted?: string
}

function partOf(open: OpenPart, reasoning: ReasoningFacts): StoredPart | null {
  const text = open.pieces.join('')
  open.pieces = text === '' ? [] : [text]
  if (open.type === 'tool-call') {
    return { type: 'tool-call', callId: open.callId ?? '', name: open.name ?? '', arguments: text }
  }
  if (open.type === 'reasoning') {
    return text === '' && !reasoning.redacted ? null : { type: 'reasoning', text, ...reasoning }
  }
  return text === '' ? null : { type: 'text', text }
}

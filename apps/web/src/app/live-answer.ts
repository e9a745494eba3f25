import type { NumberedStreamEvent, RouteReply } from '@anneal/contract'
import { type ShallowRef, shallowRef } from 'vue'
import { useSocket } from './socket.ts'

export type AnswerPart = RouteReply<'generations.get'>['parts'][number]

export interface LiveAnswer {
  parts: Readonly<ShallowRef<readonly AnswerPart[]>>
  /** When the reasoning that is open began, by this browser's clock. */
  reasoningSince: Readonly<ShallowRef<number | null>>
  /** When its first piece came, by this browser's clock; null before. */
  firstAt: Readonly<ShallowRef<number | null>>
  /** When something last came, by this browser's clock; at first when it began to follow. */
  heardAt: Readonly<ShallowRef<number>>
  stop(): void
}

interface FollowOptions {
  generationId: string
  parts: readonly AnswerPart[]
  /** Number of the last event that `parts` holds. */
  seq: number
  /** When the reasoning that `parts` ends with began, if it does. */
  reasoningSince?: number | null
  /** When the first piece of `parts` came, by this browser's clock. */
  firstAt?: number | null
  /** The first piece of an answer of which nothing was there yet. */
  onFirst?: () => void
  onDone: () => void
}

function append(parts: AnswerPart[], text: string): void {
  const last = parts.pop()
  if (!last) return
  parts.push(
    last.type === 'tool-call'
      ? { ...last, arguments: last.arguments + text }
      : { ...last, text: last.text + text },
  )
}

/** Puts one event into parts, in place: the same folding as the server's. */
export function fold(parts: AnswerPart[], { event }: NumberedStreamEvent): void {
  const last = parts.at(-1)
  if (event.type === 'reasoning-start') parts.push({ type: 'reasoning', text: '', durationMs: null })
  else if (event.type === 'text-start') parts.push({ type: 'text', text: '' })
  else if (event.type === 'tool-call-start')
    parts.push({ type: 'tool-call', callId: event.id, name: event.name, arguments: '' })
  else if ('text' in event) append(parts, event.text)
  else if (event.type === 'reasoning-end' && last?.type === 'reasoning') {
    parts[parts.length - 1] = {
      ...last,
      durationMs: event.durationMs,
      ...(event.unterminated ? { unterminated: true } : {}),
    }
  } else if (event.type === 'reclassify' && last?.type === 'text') {
    parts[parts.length - 1] = { type: 'reasoning', text: last.text, durationMs: null }
  }
}

/** Follows an answer in the making from where `parts` ends; the page's one socket resumes it by number after a loss. */
export function followAnswer(options: FollowOptions): LiveAnswer {
  const parts = shallowRef<readonly AnswerPart[]>(options.parts)
  const reasoningSince = shallowRef<number | null>(options.reasoningSince ?? null)
  const firstAt = shallowRef<number | null>(options.firstAt ?? null)
  const heardAt = shallowRef(Date.now())
  const stop = useSocket().watch('generation', options.generationId, {
    after: options.seq,
    onMessages: (messages) => {
      const next = [...parts.value]
      let done = false
      for (const message of messages) {
        for (const numbered of message.events) {
          fold(next, numbered)
          if (numbered.event.type === 'reasoning-start') reasoningSince.value = Date.now()
          if (numbered.event.type === 'reasoning-end') reasoningSince.value = null
        }
        done ||= message.done === true
      }
      const isFirst = parts.value.length === 0 && next.length > 0
      parts.value = next
      heardAt.value = Date.now()
      if (isFirst) firstAt.value = heardAt.value
      if (isFirst && !done) options.onFirst?.()
      if (done) options.onDone()
    },
    onRefused: () => options.onDone(),
  })
  return { parts, reasoningSince, firstAt, heardAt, stop }
}

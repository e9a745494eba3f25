import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { ByteRange } from './byte-range.ts'

export interface FileReply {
  readonly reply: 'file'
  readonly stream: Readable
  /** Bytes, where known. */
  readonly size: number | undefined
  readonly type: string
  /** Offered as the name of the download. */
  readonly name: string | undefined
  /** `stream` holds these bytes of `size` alone. */
  readonly range: ByteRange | null
}
export interface TextReply {
  readonly reply: 'text'
  readonly text: string
  readonly type: string
  readonly status: number
}
export interface RedirectReply {
  readonly reply: 'redirect'
  readonly url: string
}
export class JsonReply<T> {
  readonly value: T
  readonly status: number

  constructor(value: T, status: number) {
    this.value = value
    this.status = status
  }
}
/** JSON in bytes, written by a thread from what fits the route's schema: too much to be written, or checked, here. */
export class PreparedReply {
  readonly json: Uint8Array

  constructor(json: Uint8Array) {
    this.json = json
  }
}
export interface ServerSentEvent {
  id?: string | number
  event?: string
  /** Sent as JSON. */
  data: unknown
}
/** Writes one event; false where the reader is slow or gone. One that leaves 64 KB unread is dropped. */
export type SendEvent = (event: ServerSentEvent) => boolean
/** A reply that the handler writes itself, from its head on; `headers` are those of every reply. */
export class OpenReply {
  readonly run: (response: ServerResponse, headers: Record<string, string>) => Promise<void>

  constructor(run: OpenReply['run']) {
    this.run = run
  }
}
export interface EventsReply {
  readonly reply: 'events'
  run(send: SendEvent, signal: AbortSignal): Promise<void>
}

export function fileReply(file: {
  stream: Readable
  size?: number
  type?: string
  name?: string
  range?: ByteRange | null
}): FileReply {
  return {
    reply: 'file',
    stream: file.stream,
    size: file.size,
    type: file.type ?? 'application/octet-stream',
    name: file.name,
    range: file.range ?? null,
  }
}

export function textReply(text: string, type = 'text/plain; charset=utf-8', status = 200): TextReply {
  return { reply: 'text', text, type, status }
}

/** A JSON reply with another status than the route's own. */
export function jsonReply<T>(value: T, status: number): JsonReply<T> {
  return new JsonReply(value, status)
}

/** Server-sent events with a heartbeat; `run` ends by returning, `signal` aborts when the reader goes or the server stops. */
export function eventsReply(run: EventsReply['run']): EventsReply {
  return { reply: 'events', run }
}

export function redirect(url: string): RedirectReply {
  return { reply: 'redirect', url }
}

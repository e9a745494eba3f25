import type { NumberedStreamEvent, SocketMessage, StreamEvent } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { eventsReply, type EventsReply } from '../../platform/http/index.ts'
import { chunksAfter, generationById } from './generations.repo.ts'
import type { Reader } from './live-generation.ts'
import { readableGeneration } from './readable-generation.ts'
import { registryOf } from './registry.ts'

const otherServerPollMs = 500

/**
 * Calls `reader` with what came after number `after`, then with what comes, then once with `done`. An answer that
 * runs on another server is read from what that one saves each second. Returns a function that ends it.
 * What has ended and is no longer at hand yields `done` alone: its parts are in the database.
 */
export async function followGeneration(
  ctx: Context,
  id: string,
  after: number,
  onEvents: Reader,
): Promise<() => void> {
  const reader: Reader = (events, done) => onEvents(withoutProofs(events), done)
  const row = await readableGeneration(ctx, id)
  const live = registryOf(ctx.platform).get(id)
  if (live) {
    live.flush()
    const runs = registryOf(ctx.platform).isRunning(live)
    reader(live.events.slice(after), !runs)
    if (!runs) return () => {}
    live.readers.add(reader)
    return () => live.leave(reader)
  }
  if (row.state !== 'running') {
    reader([], true)
    return () => {}
  }
  return followElsewhere(ctx, id, after, reader)
}

/** Most ticks hold no proof: then nothing is copied. */
function withoutProofs(events: readonly NumberedStreamEvent[]): readonly NumberedStreamEvent[] {
  return events.some(({ event }) => event.type === 'reasoning-end') ? events.map(withoutProof) : events
}

/** A provider's proofs go back to the provider, and to nobody else. */
function withoutProof(numbered: NumberedStreamEvent): NumberedStreamEvent {
  if (numbered.event.type !== 'reasoning-end') return numbered
  const { signature: _, redacted: __, ...event } = numbered.event
  return { seq: numbered.seq, event }
}

function followElsewhere(ctx: Context, id: string, after: number, reader: Reader): () => void {
  const { db, log } = ctx.platform
  let seen = after
  let ended = false
  let timer: NodeJS.Timeout | undefined
  const look = async (): Promise<void> => {
    const chunks = await db.read.all(chunksAfter, { generation_id: id, after: seen })
    const row = await db.read.first(generationById, { id })
    if (ended) return
    const fresh: NumberedStreamEvent[] = []
    for (const chunk of chunks) {
      const events = JSON.parse(chunk.events) as StreamEvent[]
      events.forEach((event, index) => {
        const seq = chunk.last_seq - events.length + 1 + index
        if (seq > seen) fresh.push({ seq, event })
      })
    }
    seen = fresh.at(-1)?.seq ?? seen
    if (fresh.length > 0) reader(fresh, false)
    if (row?.state === 'running') schedule()
    else reader([], true)
  }
  const schedule = (): void => {
    timer = setTimeout(() => {
      look().catch((error: unknown) => {
        log.warn("another server's answer could not be read; trying again", { error, generation: id })
        if (!ended) schedule()
      })
    }, otherServerPollMs)
  }
  schedule()
  return () => {
    ended = true
    clearTimeout(timer)
  }
}

/** The socket's topic: watch a generation by number. */
export async function openGenerationTopic(
  ctx: Context,
  id: string,
  after: number,
  push: (message: SocketMessage) => void,
): Promise<() => void> {
  return followGeneration(ctx, id, after, (events, done) => {
    if (events.length === 0 && !done) return
    push({ type: 'generation', id, events: [...events], ...(done ? { done: true as const } : {}) })
  })
}

/** The same as server-sent events: `id` is the sequence number, `event` the kind, and `done` comes last. */
export async function streamGeneration(ctx: Context, id: string, after: number): Promise<EventsReply> {
  await readableGeneration(ctx, id)
  return eventsReply(
    (send, signal) =>
      new Promise<void>((resolve, reject) => {
        let stop = (): void => {}
        signal.addEventListener('abort', () => {
          stop()
          resolve()
        })
        followGeneration(ctx, id, after, (events, done) => {
          for (const { seq, event } of events) send({ id: seq, event: event.type, data: event })
          if (!done) return
          send({ event: 'done', data: {} })
          resolve()
        }).then((end) => {
          stop = end
          if (signal.aborted) end()
        }, reject)
      }),
  )
}

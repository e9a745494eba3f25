import type { SocketMessage, Visibility } from '@anneal/contract'
import { type Context, type Platform, perPlatform, systemContext } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { requireAccess } from '../auth/index.ts'
import { pointsStore } from './points-store.ts'
import { type TrackedRunRow, runById } from './tracking.repo.ts'

interface Reader {
  after: number
  push(message: SocketMessage): void
}

interface MarkedRun {
  id: string
  ownerId: string
  visibility: Visibility
}

/** Marks to other servers: at most two a second and run. */
const markEveryMs = 500
/** What arrives within this time goes out as one message. */
const deliverEveryMs = 50

/** Who watches which run on this server: what arrives is put together once for all of them. */
class LivePoints {
  private readonly platform: Platform
  private readonly readers = new Map<string, Set<Reader>>()
  private readonly delivering = new Map<string, { again: boolean }>()
  private readonly marks = new Map<string, { number: number; timer: NodeJS.Timeout }>()

  constructor(platform: Platform) {
    this.platform = platform
  }

  add(runId: string, reader: Reader): () => void {
    const set = this.readers.get(runId) ?? new Set()
    this.readers.set(runId, set.add(reader))
    return () => {
      set.delete(reader)
      if (set.size === 0 && this.readers.get(runId) === set) this.readers.delete(runId)
    }
  }

  /** New points of a run are stored: they are handed on; what arrives meanwhile goes in one more go. */
  arrived(runId: string): void {
    if (!this.readers.has(runId)) return
    const under = this.delivering.get(runId)
    if (under) {
      under.again = true
      return
    }
    const state = { again: false }
    this.delivering.set(runId, state)
    this.deliver(runId)
      .catch((error: unknown) =>
        this.platform.log.warn('new points could not be read', { error, run: runId }),
      )
      .finally(() => {
        setTimeout(() => {
          this.delivering.delete(runId)
          if (state.again) this.arrived(runId)
        }, deliverEveryMs).unref()
      })
  }

  /** Tells the other servers, at most twice a second, of a run's newest number. */
  mark(run: MarkedRun, number: number): void {
    /* A file has one server, and every mark would be a commit of its own. */
    if (this.platform.db.dialect === 'sqlite') return
    const waiting = this.marks.get(run.id)
    if (waiting) {
      waiting.number = Math.max(waiting.number, number)
      return
    }
    const timer = setTimeout(() => {
      const { number: newest } = this.marks.get(run.id) ?? { number }
      this.marks.delete(run.id)
      this.writeMark(run, newest).catch((error: unknown) =>
        this.platform.log.warn('a mark of new points could not be written', { error, run: run.id }),
      )
    }, markEveryMs)
    this.marks.set(run.id, { number, timer })
  }

  /** Marks that wait are dropped: other servers hear of the next ones. */
  stop(): void {
    for (const { timer } of this.marks.values()) clearTimeout(timer)
    this.marks.clear()
  }

  private async writeMark({ id, ownerId, visibility }: MarkedRun, number: number): Promise<void> {
    await write(
      systemContext(this.platform, 'tracking'),
      async (tx) => {
        tx.emit({ kind: 'points', id, change: 'updated', ownerId, visibility, data: { number } })
      },
      { unaudited: 'points are not audited' },
    )
  }

  /** Readers at the same number get the same message. One whose number is no longer known reads the whole again. */
  private async deliver(runId: string): Promise<void> {
    const store = pointsStore(this.platform)
    const all = [...(this.readers.get(runId) ?? [])]
    for (const [after, readers] of Map.groupBy(all, (reader) => reader.after)) {
      const arrived = await store.arrivedAfter(runId, after)
      if (arrived?.number === after) continue
      const message: SocketMessage = {
        type: 'points',
        id: runId,
        after: arrived?.number ?? (await store.number(runId)),
        series: arrived?.series ?? [],
        ...(arrived ? {} : { reset: true as const }),
        ...(arrived?.lines === false ? {} : { lines: true as const }),
      }
      for (const reader of readers) {
        reader.after = message.after
        reader.push(message)
      }
    }
  }
}

export const livePoints = perPlatform((platform) => new LivePoints(platform))

/** A tracked run that the actor may read; 404 for anyone else. */
export async function readableRun(ctx: Context, id: string): Promise<TrackedRunRow> {
  const row = await ctx.platform.db.read.first(runById, { id })
  if (!row || row.deleted_at !== null) throw new AppError('tracking.run-not-found')
  await requireAccess(ctx, ctx.platform.db.read, 'read', 'tracked-run', row, 'tracking.run-not-found')
  return row
}

/** The socket's topic: a run's points from an arrival number on. */
export async function openPointsTopic(
  ctx: Context,
  id: string,
  after: number,
  push: (message: SocketMessage) => void,
): Promise<() => void> {
  await readableRun(ctx, id)
  const live = livePoints(ctx.platform)
  const stop = live.add(id, { after, push })
  live.arrived(id)
  return stop
}

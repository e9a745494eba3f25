import type { SocketMessage, Visibility } from '@anneal/contract'
import { type Context, type Platform, perPlatform, systemContext } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { requireCan } from '../auth/index.ts'
import { pointsStore } from './points-store.ts'
import { type TrackedRunRow, runById } from './tracking.repo.ts'

interface Reader {
  after: number
  push(message: SocketMessage): void
}

/** Marks to other servers: at most two a second and run. */
const markEveryMs = 500

/** Who watches which run on this server: new points are read once for all of them. */
class LivePoints {
  private readonly platform: Platform
  private readonly readers = new Map<string, Set<Reader>>()
  private readonly reading = new Map<string, { again: boolean }>()
  private readonly marks = new Map<string, NodeJS.Timeout>()

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

  /** New points of a run are stored: they are read and handed on; what arrives meanwhile is read in one more go. */
  arrived(runId: string): void {
    if (!this.readers.has(runId)) return
    const under = this.reading.get(runId)
    if (under) {
      under.again = true
      return
    }
    const state = { again: false }
    this.reading.set(runId, state)
    this.deliver(runId)
      .catch((error: unknown) =>
        this.platform.log.warn('new points could not be read', { error, run: runId }),
      )
      .finally(() => {
        this.reading.delete(runId)
        if (state.again) this.arrived(runId)
      })
  }

  /** Tells the other servers, at once and then at most twice a second, of a run's newest points. */
  mark(run: { id: string; ownerId: string; visibility: Visibility }): void {
    if (this.marks.has(run.id)) return
    this.marks.set(
      run.id,
      setTimeout(() => {
        this.marks.delete(run.id)
        this.writeMark(run).catch((error: unknown) =>
          this.platform.log.warn('a mark of new points could not be written', { error, run: run.id }),
        )
      }, markEveryMs),
    )
  }

  private async writeMark(run: { id: string; ownerId: string; visibility: Visibility }): Promise<void> {
    const number = await pointsStore(this.platform).number(run.id)
    await write(
      systemContext(this.platform, 'tracking'),
      async (tx) => {
        const { ownerId, visibility } = run
        tx.emit({ kind: 'points', id: run.id, change: 'updated', ownerId, visibility, data: { number } })
      },
      { unaudited: 'points are not audited' },
    )
  }

  /** Readers that are at the same number are served by one reading. */
  private async deliver(runId: string): Promise<void> {
    const store = pointsStore(this.platform)
    const newest = await store.number(runId)
    const behind = [...(this.readers.get(runId) ?? [])].filter((reader) => reader.after < newest)
    for (const [after, readers] of Map.groupBy(behind, (reader) => reader.after)) {
      const arrived = await store.arrivedAfter(runId, after)
      const message: SocketMessage = {
        type: 'points',
        id: runId,
        after: arrived?.number ?? newest,
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
  requireCan(
    ctx,
    'read',
    { kind: 'tracked-run', ownerId: row.owner_id, visibility: row.visibility },
    'tracking.run-not-found',
  )
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

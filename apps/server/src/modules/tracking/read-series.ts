import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { readableRun } from './live-points.ts'
import { pointsStore } from './points-store.ts'

/** The series of a run with their latest values. */
export async function listSeries(ctx: Context, runId: string): Promise<RouteReply<'tracking.series'>> {
  await readableRun(ctx, runId)
  const rows = await pointsStore.latest(ctx.platform.db.read, runId)
  return {
    items: rows.map((row) => ({
      key: row.series_key,
      points: row.points,
      lastStep: row.last_step,
      lastValue: row.last_value,
      lastTime: row.last_time,
    })),
  }
}

/** Keys stand in the query percent-encoded, so that they may hold a comma. */
function keysOf(text: string): string[] {
  try {
    return text.split(',').map(decodeURIComponent)
  } catch (cause) {
    const fields = [{ pointer: '/query/keys', code: 'wrong-format' }]
    throw new AppError('platform.invalid-input', {}, { fields, cause })
  }
}

/** Of all series together: what is more is no picture any more, and holds up everyone else. */
const mostPoints = 400_000

/** The last `limit` points of some series, and the arrival number that they hold. */
export async function readPoints(
  ctx: Context,
  runId: string,
  query: { keys: string; limit: number },
): Promise<RouteReply<'tracking.points'>> {
  const keys = keysOf(query.keys)
  await readableRun(ctx, runId)
  const { read } = ctx.platform.db
  /* The number first: what arrives in between is sent once more, never left out. */
  const number = await pointsStore.number(read, runId)
  const limit = Math.min(query.limit, Math.ceil(mostPoints / keys.length))
  return { number, series: await pointsStore.tail(read, runId, keys, limit) }
}

import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import { z } from 'zod'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { PreparedReply } from '../../platform/http/index.ts'
import { readableRun } from './live-points.ts'
import { pointsStore } from './points-store.ts'
import { definitionsIn } from './series-definitions.ts'

/** The series of a run with their latest values, and how its project defined them. */
export async function listSeries(ctx: Context, runId: string): Promise<RouteReply<'tracking.series'>> {
  const run = await readableRun(ctx, runId)
  const definitionOf = await definitionsIn(ctx.platform.db.read, run.project_id)
  const heads = await pointsStore(ctx.platform).latest(runId)
  return { items: heads.map((head) => ({ ...head, ...definitionOf(head.key) })) }
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
  const store = pointsStore(ctx.platform)
  /* The number first: what arrives in between is sent once more, never left out. */
  const number = await store.number(runId)
  const limit = Math.min(query.limit, Math.ceil(mostPoints / keys.length))
  return { number, series: await store.tail(runId, keys, limit) }
}

/** A list of keys, as JSON: a key may hold any character. */
function keysOfJson(text: string): string[] {
  try {
    return jsonKeys.parse(JSON.parse(text))
  } catch (cause) {
    const fields = [{ pointer: '/query/keys', code: 'wrong-format' }]
    throw new AppError('platform.invalid-input', {}, { fields, cause })
  }
}

const jsonKeys = z.array(z.string().max(512)).min(1).max(200)

/** Curves made fit for drawing, at any zoom. */
export async function chart(
  ctx: Context,
  runId: string,
  query: RouteHandlerInput<'tracking.chart'>['query'],
): Promise<PreparedReply> {
  const { keys, ...range } = query
  const wanted = keysOfJson(keys)
  await readableRun(ctx, runId)
  return new PreparedReply(await pointsStore(ctx.platform).chartJson(runId, wanted, range))
}

/** Lines of a run's log. */
export async function readLines(
  ctx: Context,
  runId: string,
  query: RouteHandlerInput<'tracking.lines'>['query'],
): Promise<RouteReply<'tracking.lines'>> {
  await readableRun(ctx, runId)
  return pointsStore(ctx.platform).lines(runId, query)
}

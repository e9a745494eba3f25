import type { Context } from '../../../platform/context.ts'
import { livePoints } from '../live-points.ts'
import { type Batch, pointsStore } from '../points-store.ts'
import type { TrackedRunRow } from '../tracking.repo.ts'
import { linesOf, listOf, scalarsOf } from './parse.ts'
import { takeMedia } from './take-media.ts'

/** Stores a batch before it is answered. It may come twice: what it holds is set by its step, or number and time. */
export async function ingest(ctx: Context, run: TrackedRunRow, body: Record<string, unknown>): Promise<void> {
  const metrics = listOf(body['metrics'])
  const now = ctx.platform.clock.now()
  if (body['type'] === 'log') await storeLines(ctx, run, metrics, now)
  else if (body['type'] === 'scalar') await storeScalars(ctx, run, metrics, now)
  else if (body['type'] === 'media') await takeMedia(ctx, run, metrics)
}

async function storeScalars(
  ctx: Context,
  run: TrackedRunRow,
  metrics: readonly unknown[],
  now: number,
): Promise<void> {
  const points = scalarsOf(metrics, now)
  if (points.length > 0) await store(ctx, run, { points })
}

async function storeLines(
  ctx: Context,
  run: TrackedRunRow,
  metrics: readonly unknown[],
  now: number,
): Promise<void> {
  const lines = linesOf(metrics, now)
  if (lines.length > 0) await store(ctx, run, { lines })
}

async function store(ctx: Context, run: TrackedRunRow, batch: Batch): Promise<void> {
  const number = await pointsStore(ctx.platform).append(run.id, batch)
  const live = livePoints(ctx.platform)
  live.arrived(run.id)
  live.mark({ id: run.id, ownerId: run.owner_id, visibility: run.visibility }, number)
}

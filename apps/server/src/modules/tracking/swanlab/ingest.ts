import type { Context } from '../../../platform/context.ts'
import { write } from '../../../platform/write.ts'
import { livePoints } from '../live-points.ts'
import { pointsStore } from '../points-store.ts'
import type { TrackedRunRow } from '../tracking.repo.ts'
import { linesOf, listOf, scalarsOf } from './parse.ts'

/** Points written in one transaction: a batch of ten thousand holds no other write up for long. */
const perTransaction = 1000

/**
 * Stores a batch before it is answered. It may come twice: a point is set by its step, a line by its number and time.
 * Media are kept from 'Every room open' on; until then they are taken and not stored.
 */
export async function ingest(ctx: Context, run: TrackedRunRow, body: Record<string, unknown>): Promise<void> {
  const metrics = listOf(body['metrics'])
  const now = ctx.platform.clock.now()
  if (body['type'] === 'log') await storeLines(ctx, run, metrics, now)
  else if (body['type'] === 'scalar') await storeScalars(ctx, run, metrics, now)
}

async function storeScalars(
  ctx: Context,
  run: TrackedRunRow,
  metrics: readonly unknown[],
  now: number,
): Promise<void> {
  const points = scalarsOf(metrics, now)
  const types = new Map(points.map((point) => [point.key, 'FLOAT']))
  for (let at = 0; at < points.length; at += perTransaction) {
    const batch = points.slice(at, at + perTransaction)
    await write(
      ctx,
      async (tx) => {
        await pointsStore.append(tx, run.id, batch, types)
      },
      { unaudited: 'points are not audited' },
    )
  }
  if (points.length === 0) return
  const live = livePoints(ctx.platform)
  live.arrived(run.id)
  live.mark({ id: run.id, ownerId: run.owner_id, visibility: run.visibility })
}

async function storeLines(
  ctx: Context,
  run: TrackedRunRow,
  metrics: readonly unknown[],
  now: number,
): Promise<void> {
  const lines = linesOf(metrics, now)
  for (let at = 0; at < lines.length; at += perTransaction) {
    await write(ctx, (tx) => pointsStore.appendLines(tx, run.id, lines.slice(at, at + perTransaction)), {
      unaudited: 'log lines are not audited',
    })
  }
}

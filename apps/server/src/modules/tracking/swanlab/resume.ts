import type { Context } from '../../../platform/context.ts'
import { pointsStore } from '../points-store.ts'
import { lastEpoch } from '../points.repo.ts'
import { runFor } from './runs.ts'

/** Where a resumed run goes on: the SDK drops steps at or below these, and numbers its log lines on. */
export async function showSummary(ctx: Context, cuid: string) {
  const run = await runFor(ctx, cuid)
  const { read } = ctx.platform.db
  const series = await pointsStore.latest(read, run.id)
  const line = await read.first(lastEpoch, { run_id: run.id })
  return {
    /* Never empty: an older SDK dies on that. */
    log: [{ key: 'LOG', step: line?.epoch ?? 0 }],
    media: [],
    scalar: series.flatMap((one) =>
      one.last_step === null ? [] : [{ key: one.series_key, step: one.last_step }],
    ),
  }
}

/** The same for older SDKs, which ask for the columns. */
export async function showColumns(ctx: Context, cuid: string) {
  const run = await runFor(ctx, cuid)
  const series = await pointsStore.latest(ctx.platform.db.read, run.id)
  return {
    list: series.map((one) => ({ key: one.series_key, type: one.type, class: 'CUSTOM', error: null })),
  }
}

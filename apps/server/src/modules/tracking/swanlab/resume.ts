import type { Context } from '../../../platform/context.ts'
import { pointsStore } from '../points-store.ts'
import { runFor } from './runs.ts'

/** Where a resumed run goes on: the SDK drops steps at or below these, and numbers its log lines on. */
export async function showSummary(ctx: Context, cuid: string) {
  const run = await runFor(ctx, cuid)
  const store = pointsStore(ctx.platform)
  const series = await store.latest(run.id)
  const [line] = (await store.lines(run.id, { limit: 1 })).items
  return {
    /* Never empty: an older SDK dies on that. */
    log: [{ key: 'LOG', step: line?.epoch ?? 0 }],
    media: [],
    scalar: series.flatMap((one) => (one.lastStep === null ? [] : [{ key: one.key, step: one.lastStep }])),
  }
}

/** The same for older SDKs, which ask for the columns. */
export async function showColumns(ctx: Context, cuid: string) {
  const run = await runFor(ctx, cuid)
  const series = await pointsStore(ctx.platform).latest(run.id)
  return {
    list: series.map((one) => ({ key: one.key, type: one.type, class: 'CUSTOM', error: null })),
  }
}

import type { Context } from '../../../platform/context.ts'
import { mediaHeads } from '../media.repo.ts'
import { pointsStore } from '../points-store.ts'
import { runFor } from './runs.ts'

/** Where a resumed run goes on: the SDK drops steps at or below these, and numbers its log lines on. */
export async function showSummary(ctx: Context, cuid: string) {
  const run = await runFor(ctx, cuid)
  const store = pointsStore(ctx.platform)
  const series = await store.latest(run.id)
  const [line] = (await store.lines(run.id, { limit: 1 })).items
  const media = await ctx.platform.db.read.all(mediaHeads, { run_id: run.id })
  return {
    /* Never empty: an older SDK dies on that. */
    log: [{ key: 'LOG', step: line?.epoch ?? 0 }],
    media: media.map((head) => ({ key: head.series_key, step: Number(head.last_step) })),
    scalar: series.flatMap((one) => (one.lastStep === null ? [] : [{ key: one.key, step: one.lastStep }])),
  }
}

import type { Context } from '../../platform/context.ts'
import { stopGeneration } from '../generations/index.ts'
import { runningIn } from './compare.repo.ts'
import { comparisonFor } from './load.ts'

/** Stops every answer of a comparison that is being made; each stop is a write of its own, audited there. */
export async function stopComparison(ctx: Context, id: string): Promise<void> {
  await comparisonFor(ctx, ctx.platform.db.read, id, 'edit')
  await stopRunning(ctx, id)
}

/** The same for a comparison that the actor was let into. */
export async function stopRunning(ctx: Context, comparisonId: string): Promise<void> {
  const running = await ctx.platform.db.read.all(runningIn, { comparison_id: comparisonId })
  await Promise.all(running.map(({ generation_id }) => stopGeneration(ctx, generation_id)))
}

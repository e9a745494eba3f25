import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { updateComparisonRow } from './compare.repo.ts'
import type { ComparisonRow, ComparisonView } from './compare.tables.ts'
import { indexTitle } from './index-title.ts'
import { comparisonFor } from './load.ts'
import { panesFrom } from './panes.ts'
import { presentComparison } from './present.ts'

/** Renames a comparison, or changes its panes or what they share. A stale version answers 409 with what is there now. */
export async function updateComparison(
  ctx: Context,
  id: string,
  input: RouteHandlerInput<'compare.update'>['body'],
): Promise<ComparisonView> {
  return write(ctx, async (tx) => {
    const row = await comparisonFor(ctx, tx, id, 'edit')
    const panes = input.panes && (await panesFrom(ctx, tx, input.panes, row))
    const next: ComparisonRow = {
      ...row,
      title: input.title ?? row.title,
      shared: input.shared ? JSON.stringify(input.shared) : row.shared,
      panes: panes ? JSON.stringify(panes) : row.panes,
      updated_at: ctx.platform.clock.now(),
    }
    const { changes } = await tx.run(updateComparisonRow, { ...next, version: input.version })
    if (changes === 0) {
      // Read again: whoever was first has been stored since.
      const current = await comparisonFor(ctx, tx, id, 'edit')
      throw new AppError('platform.stale-version', {}, { current: presentComparison(current) })
    }
    if (next.title !== row.title) await indexTitle(tx, { id, ownerId: row.owner_id }, next.title)
    const changed = Object.keys(input).filter((key) => key !== 'version')
    tx.audit('comparison.updated', { kind: 'comparison', id }, { changed })
    tx.emit({ kind: 'comparison', id, change: 'updated', ownerId: row.owner_id, visibility: row.visibility })
    return presentComparison({ ...next, version: row.version + 1 })
  })
}

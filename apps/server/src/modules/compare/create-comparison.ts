import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { write } from '../../platform/write.ts'
import { actorUserId } from '../auth/index.ts'
import { insertComparison } from './compare.repo.ts'
import type { ComparisonRow, ComparisonView } from './compare.tables.ts'
import { indexTitle } from './index-title.ts'
import { panesFrom } from './panes.ts'
import { presentComparison } from './present.ts'

/** Starts a comparison of the actor's own. @throws AppError `models.not-found` for a model that is not theirs to use. */
export async function createComparison(
  ctx: Context,
  input: RouteHandlerInput<'compare.create'>['body'],
): Promise<ComparisonView> {
  const now = ctx.platform.clock.now()
  const ownerId = actorUserId(ctx.actor)
  const row = await write(ctx, async (tx) => {
    const made: ComparisonRow = {
      id: newId(),
      owner_id: ownerId,
      visibility: 'private',
      version: 1,
      created_at: now,
      updated_at: now,
      deleted_at: null,
      title: input.title ?? '',
      shared: JSON.stringify(input.shared),
      panes: JSON.stringify(await panesFrom(ctx, tx, input.panes, null)),
      used_at: now,
    }
    await tx.run(insertComparison, made)
    await indexTitle(tx, { id: made.id, ownerId }, made.title)
    tx.audit('comparison.created', { kind: 'comparison', id: made.id })
    tx.emit({ kind: 'comparison', id: made.id, change: 'created', ownerId, visibility: 'private' })
    return made
  })
  return presentComparison(row)
}

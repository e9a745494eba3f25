import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { UniqueViolation } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { write } from '../../../platform/write.ts'
import { emitGroup, nameTaken } from './create-group.ts'
import type { GroupView } from './group-rights.ts'
import { groupByNameKey, lockGroup, updateGroupRow } from './groups.repo.ts'
import { groupView } from './present-group.ts'

/**
 * Renames or describes a group.
 * @throws AppError `access.group-not-found`, `access.group-name-taken`, `platform.stale-version`.
 */
export async function updateGroup(
  ctx: Context,
  id: string,
  input: RouteHandlerInput<'access.updateGroup'>['body'],
): Promise<GroupView> {
  try {
    return await write(ctx, async (tx) => {
      const row = await tx.first(lockGroup, { id })
      if (!row || row.deleted_at !== null) throw new AppError('access.group-not-found')
      const name = input.name ?? row.name
      const next = {
        ...row,
        name,
        name_key: name.toLowerCase(),
        description: input.description ?? row.description,
        version: input.version,
        updated_at: ctx.platform.clock.now(),
      }
      const twin = await tx.first(groupByNameKey, { nameKey: next.name_key })
      if (twin && twin.id !== id) throw nameTaken(name)
      const { changes } = await tx.run(updateGroupRow, next)
      if (changes === 0)
        throw new AppError('platform.stale-version', {}, { current: await groupView(ctx, tx, row) })
      const renamed = name === row.name ? {} : { before: row.name }
      tx.audit('group.updated', { kind: 'group', id }, { name, ...renamed })
      emitGroup(tx, id, 'updated')
      return groupView(ctx, tx, { ...next, version: row.version + 1 })
    })
  } catch (error) {
    if (error instanceof UniqueViolation) throw nameTaken(input.name ?? '')
    throw error
  }
}

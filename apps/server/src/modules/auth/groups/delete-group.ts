import type { Context } from '../../../platform/context.ts'
import { UniqueViolation } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { write } from '../../../platform/write.ts'
import { forgetPeople } from '../ended.ts'
import { emitGroup, nameTaken } from './create-group.ts'
import type { GroupView } from './group-rights.ts'
import { groupByNameKey, lockGroup, updateGroupRow } from './groups.repo.ts'
import { servicesOfGroup } from '../services/services.repo.ts'
import { groupView } from './present-group.ts'

/**
 * Deletes a group: its members have at once no more what they had through it. Members and grants are kept, so that
 * the deletion can be taken back; its name is free meanwhile.
 * @throws AppError `access.group-not-found`, `service.group-keeps-accounts`, `platform.stale-version`.
 */
export async function deleteGroup(ctx: Context, id: string, version: number): Promise<void> {
  await write(ctx, async (tx) => {
    const row = await tx.first(lockGroup, { id })
    if (!row || row.deleted_at !== null) throw new AppError('access.group-not-found')
    const kept = await tx.all(servicesOfGroup, { groupId: id })
    if (kept.length > 0)
      throw new AppError('service.group-keeps-accounts', { names: kept.map(({ name }) => name).join(', ') })
    const now = ctx.platform.clock.now()
    const gone = { ...row, name_key: `~${id}`, deleted_at: now, updated_at: now, version }
    const { changes } = await tx.run(updateGroupRow, gone)
    if (changes === 0)
      throw new AppError('platform.stale-version', {}, { current: await groupView(ctx, tx, row) })
    tx.audit('group.deleted', { kind: 'group', id }, { name: row.name })
    emitGroup(tx, id, 'deleted')
    tx.afterCommit(() => forgetPeople(ctx.platform))
  })
}

/** @throws AppError `access.group-not-found`, `access.group-name-taken` where another has its name by now. */
export async function restoreGroup(ctx: Context, id: string): Promise<GroupView> {
  try {
    return await write(ctx, async (tx) => {
      const row = await tx.first(lockGroup, { id })
      if (!row || row.deleted_at === null) throw new AppError('access.group-not-found')
      const nameKey = row.name.toLowerCase()
      if (await tx.first(groupByNameKey, { nameKey })) throw nameTaken(row.name)
      const back = { ...row, name_key: nameKey, deleted_at: null, updated_at: ctx.platform.clock.now() }
      await tx.run(updateGroupRow, back)
      tx.audit('group.restored', { kind: 'group', id }, { name: row.name })
      emitGroup(tx, id, 'restored')
      tx.afterCommit(() => forgetPeople(ctx.platform))
      return groupView(ctx, tx, { ...back, version: row.version + 1 })
    })
  } catch (error) {
    if (error instanceof UniqueViolation) throw new AppError('access.group-name-taken', { name: '' })
    throw error
  }
}

import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { UniqueViolation } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import type { WriteTx } from '../../../platform/write.ts'
import { write } from '../../../platform/write.ts'
import type { GroupRow } from '../auth.tables.ts'
import { takeWorkspaceName } from '../workspace-name.ts'
import type { GroupView } from './group-rights.ts'
import { groupByNameKey, insertGroup } from './groups.repo.ts'
import { groupView } from './present-group.ts'

/** Every server forgets what it remembers of people, whose groups have changed; the page re-reads what it shows. */
export function emitGroup(tx: WriteTx, id: string, change: 'created' | 'updated' | 'deleted' | 'restored') {
  tx.emit({ kind: 'group', id, change, ownerId: id, visibility: 'group' })
  tx.emit({ kind: 'group', id, change, ownerId: null, visibility: 'permission', permission: 'users.read' })
}

export const nameTaken = (name: string) => new AppError('access.group-name-taken', { name })

/**
 * Makes a group, with a workspace name that it keeps.
 * @throws AppError `access.group-name-taken`.
 */
export async function createGroup(
  ctx: Context,
  input: RouteHandlerInput<'access.createGroup'>['body'],
): Promise<GroupView> {
  const id = newId()
  const now = ctx.platform.clock.now()
  const nameKey = input.name.toLowerCase()
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write(ctx, async (tx) => {
        if (await tx.first(groupByNameKey, { nameKey })) throw nameTaken(input.name)
        const row: GroupRow = {
          id,
          name: input.name,
          name_key: nameKey,
          description: input.description,
          workspace: await takeWorkspaceName(tx, input.name, { kind: 'group', id }),
          version: 1,
          created_at: now,
          updated_at: now,
          deleted_at: null,
        }
        await tx.run(insertGroup, row)
        tx.audit('group.created', { kind: 'group', id }, { name: row.name })
        emitGroup(tx, id, 'created')
        return groupView(ctx, tx, row)
      })
    } catch (error) {
      // Two who ask at once for one name: the second tries again and meets the first's row.
      if (!(error instanceof UniqueViolation) || attempt === 5) throw error
    }
  }
}

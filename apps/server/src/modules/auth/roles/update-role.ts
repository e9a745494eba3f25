import type { Permission, RouteReply } from '@anneal/contract'
import { isBuiltinRole, withNeeded } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { toJson, UniqueViolation } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { nameKey } from '../../../platform/names/index.ts'
import { write } from '../../../platform/write.ts'
import type { RoleRow } from '../auth.tables.ts'
import { forgetPeople } from '../ended.ts'
import { requireReach } from '../ranks.ts'
import { emitRole, nameTaken } from './create-role.ts'
import { presentRole } from './present-role.ts'
import { factsOf } from './role-facts.ts'
import { lockRole, updateRoleRow, usersOfRole } from './roles.repo.ts'

export interface RoleChanges {
  version: number
  name?: string | undefined
  description?: string | undefined
  permissions?: readonly Permission[] | undefined
  secondFactor?: boolean | undefined
}

function changed(ctx: Context, row: RoleRow, input: RoleChanges): RoleRow {
  const name = input.name ?? row.name
  const { permissions, secondFactor } = input
  return {
    ...row,
    name,
    name_key: nameKey(name),
    description: input.description ?? row.description,
    permissions: permissions === undefined ? row.permissions : toJson(withNeeded(permissions)),
    second_factor: secondFactor === undefined ? row.second_factor : Number(secondFactor),
    version: input.version,
    updated_at: ctx.platform.clock.now(),
  }
}

/** What the audit says: the permissions that came and went, by name. */
function told(before: RoleRow, after: RoleRow): Record<string, unknown> {
  const was = factsOf(before)
  const is = factsOf(after)
  const added = [...is.permissions].filter((one) => !was.permissions.has(one))
  const removed = [...was.permissions].filter((one) => !is.permissions.has(one))
  return {
    name: is.name ?? after.id,
    ...(before.name === after.name ? {} : { before: before.name }),
    ...(added.length > 0 ? { added } : {}),
    ...(removed.length > 0 ? { removed } : {}),
    ...(was.secondFactor === is.secondFactor ? {} : { secondFactor: is.secondFactor }),
  }
}

const changesWhatItIs = ({ name, description, permissions }: RoleChanges) =>
  name !== undefined || description !== undefined || permissions !== undefined

/**
 * Changes a role; whoever has it is bound by the change at once here, and within two seconds on other servers.
 * @throws AppError `auth.role-not-found`, `auth.role-builtin`, `auth.role-too-high`, `auth.role-name-taken`,
 * `platform.stale-version`.
 */
export async function updateRole(
  ctx: Context,
  id: string,
  input: RoleChanges,
): Promise<RouteReply<'auth.updateRole'>> {
  try {
    return await write(ctx, async (tx) => {
      const row = await tx.first(lockRole, { id })
      if (!row) throw new AppError('auth.role-not-found')
      if (isBuiltinRole(id) && changesWhatItIs(input)) throw new AppError('auth.role-builtin')
      // Neither taking from nor giving to those who stand above.
      requireReach(ctx, factsOf(row).permissions)
      const next = changed(ctx, row, input)
      requireReach(ctx, factsOf(next).permissions)
      const users = await tx.all(usersOfRole, { role: id })
      const { changes } = await tx.run(updateRoleRow, next)
      if (changes === 0)
        throw new AppError('platform.stale-version', {}, { current: presentRole(row, users.length) })
      tx.audit('role.updated', { kind: 'role', id }, told(row, next))
      emitRole(tx, id, 'updated')
      tx.afterCommit(() => forgetPeople(ctx.platform))
      return presentRole({ ...next, version: row.version + 1 }, users.length)
    })
  } catch (error) {
    if (error instanceof UniqueViolation) throw nameTaken(input.name ?? '')
    throw error
  }
}

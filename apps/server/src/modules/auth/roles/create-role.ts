import type { Permission, RouteReply } from '@anneal/contract'
import { roles, withNeeded } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { toJson, UniqueViolation } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { nameKey } from '../../../platform/names/index.ts'
import type { WriteTx } from '../../../platform/write.ts'
import { write } from '../../../platform/write.ts'
import type { RoleRow } from '../auth.tables.ts'
import { requireReach } from '../ranks.ts'
import { presentRole } from './present-role.ts'
import { allRoles, insertRole, roleByName } from './roles.repo.ts'

const mostOwnRoles = 100

/** Whoever reads users hears of it, and every server forgets what it remembers of the people who have it. */
export function emitRole(tx: WriteTx, id: string, change: 'created' | 'updated' | 'deleted'): void {
  tx.emit({ kind: 'role', id, change, ownerId: null, visibility: 'permission', permission: 'users.read' })
}

export const nameTaken = (name: string) => new AppError('auth.role-name-taken', { name })

/**
 * Makes a role of permissions. Nobody makes one that may do more than they may themselves.
 * @throws AppError `auth.role-too-high`, `auth.role-name-taken`, `auth.too-many-roles`.
 */
export async function createRole(
  ctx: Context,
  input: { name: string; description: string; permissions: readonly Permission[]; secondFactor: boolean },
): Promise<RouteReply<'auth.createRole'>> {
  const permissions = withNeeded(input.permissions)
  requireReach(ctx, permissions)
  const now = ctx.platform.clock.now()
  const row: RoleRow = {
    id: newId(),
    name: input.name,
    name_key: nameKey(input.name),
    description: input.description,
    permissions: toJson(permissions),
    second_factor: input.secondFactor ? 1 : 0,
    version: 1,
    created_at: now,
    updated_at: now,
  }
  try {
    return await write(ctx, async (tx) => {
      if (await tx.first(roleByName, { nameKey: row.name_key })) throw nameTaken(input.name)
      const all = await tx.all(allRoles, {})
      if (all.length >= roles.length + mostOwnRoles)
        throw new AppError('auth.too-many-roles', { most: mostOwnRoles })
      await tx.run(insertRole, row)
      tx.audit('role.created', { kind: 'role', id: row.id }, { name: row.name, permissions })
      emitRole(tx, row.id, 'created')
      return presentRole(row, 0)
    })
  } catch (error) {
    if (error instanceof UniqueViolation) throw nameTaken(input.name)
    throw error
  }
}

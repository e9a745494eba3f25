import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { nameKey } from '../../../platform/names/index.ts'
import { write } from '../../../platform/write.ts'
import type { UserRow } from '../auth.tables.ts'
import { forget } from '../ended.ts'
import { knownGroup } from '../groups/group-rights.ts'
import { requireRank, requireReach } from '../ranks.ts'
import { roleFacts } from '../roles/role-facts.ts'
import { emitUser } from '../update-user.ts'
import type { ServiceView } from './list-services.ts'
import { serviceView } from './list-services.ts'
import { knownService } from './service-rights.ts'
import { updateServiceRow } from './services.repo.ts'

type Changes = RouteHandlerInput<'service.update'>['body']

function changed(ctx: Context, row: UserRow, input: Changes): UserRow {
  const now = ctx.platform.clock.now()
  const name = input.name ?? row.name
  const disabledAt = input.disabled ? (row.disabled_at ?? now) : null
  return {
    ...row,
    name,
    name_key: nameKey(name),
    role: input.role ?? row.role,
    owner_group_id: input.groupId ?? row.owner_group_id,
    disabled_at: input.disabled === undefined ? row.disabled_at : disabledAt,
    updated_at: now,
  }
}

/**
 * Changes a service account; what it may do, and whether its keys work, holds at once.
 * @throws AppError `service.account-not-found`, `auth.role-too-high`, `auth.role-not-found`,
 * `access.group-not-found`, `platform.stale-version`.
 */
export async function updateService(ctx: Context, id: string, input: Changes): Promise<ServiceView> {
  return write(ctx, async (tx) => {
    const row = await knownService(ctx, tx, id)
    requireReach(ctx, (await roleFacts(tx, row.role)).permissions)
    if (input.role !== undefined) await requireRank(ctx, tx, input.role)
    if (input.groupId !== undefined) await knownGroup(ctx, tx, input.groupId)
    const next = changed(ctx, row, input)
    const { changes } = await tx.run(updateServiceRow, { ...next, version: input.version })
    if (changes === 0)
      throw new AppError('platform.stale-version', {}, { current: await serviceView(ctx, tx, row) })
    const { version: _version, ...given } = input
    tx.audit('service-account.updated', { kind: 'user', id }, { before: row.name, ...given, name: next.name })
    emitUser(tx, id)
    tx.afterCommit(() => forget(ctx.platform, { userId: id }))
    return serviceView(ctx, tx, { ...next, version: row.version + 1 })
  })
}

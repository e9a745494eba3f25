import type { Context } from '../../../platform/context.ts'
import type { Reader } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import type { UserRow } from '../auth.tables.ts'
import { managedGroups, managesGroups, seesAllGroups } from '../groups/group-rights.ts'
import { serviceById } from './services.repo.ts'

export type ServiceRight = 'edit' | 'keys'

const managesUsers = ({ actor }: Context) =>
  actor.kind === 'system' || ('permissions' in actor && actor.permissions.has('users.manage'))
const isIn = ({ actor }: Context, groupId: string | null) =>
  'groupIds' in actor && groupId !== null && actor.groupIds.includes(groupId)

/**
 * What the actor may do with a service account, given the groups that they look after: keys are made and ended by
 * whoever looks after its group, or is in it and manages users.
 */
export function rightsOn(
  ctx: Context,
  managed: ReadonlySet<string>,
  account: Pick<UserRow, 'owner_group_id'>,
): ServiceRight[] {
  const groupId = account.owner_group_id
  const looksAfter = managesGroups(ctx) || (groupId !== null && managed.has(groupId))
  const keeps = looksAfter || (managesUsers(ctx) && isIn(ctx, groupId))
  return [...(managesUsers(ctx) ? (['edit'] as const) : []), ...(keeps ? (['keys'] as const) : [])]
}

/**
 * A service account that the actor may know of.
 * @throws AppError `service.account-not-found`.
 */
export async function knownService(ctx: Context, reader: Reader, id: string): Promise<UserRow> {
  const account = await reader.first(serviceById, { id })
  if (!account || !(seesAllGroups(ctx) || isIn(ctx, account.owner_group_id)))
    throw new AppError('service.account-not-found')
  return account
}

/**
 * The same, if the actor keeps its keys.
 * @throws AppError `service.account-not-found`, `service.not-kept`.
 */
export async function keptService(ctx: Context, reader: Reader, id: string): Promise<UserRow> {
  const account = await knownService(ctx, reader, id)
  if (!rightsOn(ctx, await managedGroups(ctx, reader), account).includes('keys'))
    throw new AppError('service.not-kept')
  return account
}

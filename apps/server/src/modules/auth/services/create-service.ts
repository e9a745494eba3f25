import type { Role } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { newId } from '../../../platform/ids.ts'
import { knownGroup } from '../groups/group-rights.ts'
import { createUserRow } from '../insert-user.ts'
import { requireRank } from '../ranks.ts'
import type { ServiceView } from './list-services.ts'
import { serviceView } from './list-services.ts'

/** No mail reaches `.invalid` (RFC 2606), and no provider vouches for it: there is no way in by this address. */
const addressOf = (name: string) => {
  const stem = name
    .normalize('NFKD')
    .replace(/[^0-9A-Za-z_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return `${stem.slice(0, 40) || 'service'}.${newId()}@service.invalid`
}

/**
 * Makes a service account that a group keeps.
 * @throws AppError `auth.role-too-high`, `auth.role-not-found`, `access.group-not-found`.
 */
export async function createService(
  ctx: Context,
  input: { name: string; role: Role; groupId: string },
): Promise<ServiceView> {
  const { read } = ctx.platform.db
  await requireRank(ctx, read, input.role)
  const row = await createUserRow(
    ctx,
    {
      email: addressOf(input.name),
      name: input.name,
      role: input.role,
      passwordHash: null,
      language: null,
      kind: 'service',
      ownerGroupId: input.groupId,
    },
    { first: async (tx) => void (await knownGroup(ctx, tx, input.groupId)) },
  )
  return serviceView(ctx, read, row)
}

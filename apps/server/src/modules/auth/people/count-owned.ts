import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { isPersonal } from '../can.ts'
import { countLiveKeys } from '../keys.repo.ts'
import { countLiveSessions } from '../sessions.repo.ts'
import { userById } from '../users.repo.ts'
import { countOwned, ownedKinds } from './owned.repo.ts'

type Owned = RouteReply<'people.owned'>

/**
 * How many of each kind a user owns.
 * @throws AppError `auth.account-not-found`.
 */
export async function ownedBy(ctx: Context, userId: string): Promise<Owned> {
  const { read } = ctx.platform.db
  if (!(await read.first(userById, { id: userId }))) throw new AppError('auth.account-not-found')
  const shared: Owned['shared'] = []
  let personal = 0
  for (const kind of ownedKinds) {
    const count = await countOwned(read, kind, userId)
    if (isPersonal(kind)) personal += count
    else if (count > 0) shared.push({ kind, count })
  }
  const now = ctx.platform.clock.now()
  return {
    shared,
    personal,
    keys: Number((await read.first(countLiveKeys, { userId }))?.n ?? 0),
    sessions: Number((await read.first(countLiveSessions, { userId, now }))?.n ?? 0),
  }
}

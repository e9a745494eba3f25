import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { actorUserId } from './can.ts'
import { presentSessionUser } from './present.ts'
import { roleFacts } from './roles/role-facts.ts'
import { userById } from './users.repo.ts'

/** The user behind the actor, as they are now. */
export async function readMe(ctx: Context): Promise<RouteReply<'auth.me'>> {
  const user = await ctx.platform.db.read.first(userById, { id: actorUserId(ctx.actor) })
  if (!user) throw new AppError('auth.session-ended')
  return presentSessionUser(user, await roleFacts(ctx.platform.db.read, user.role))
}

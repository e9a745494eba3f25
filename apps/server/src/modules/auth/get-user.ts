import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { countLiveKeys } from './keys.repo.ts'
import { presentListed } from './people/present-listed.ts'
import { listedUser } from './people/user-list.repo.ts'
import { countLiveSessions } from './sessions.repo.ts'

/**
 * A user, with how many sessions and keys of theirs are alive.
 * @throws AppError `auth.account-not-found`.
 */
export async function getUser(ctx: Context, id: string): Promise<RouteReply<'auth.getUser'>> {
  const { read } = ctx.platform.db
  const user = await read.first(listedUser, { id })
  const [shown] = user ? await presentListed(read, [user]) : []
  if (!user || !shown) throw new AppError('auth.account-not-found')
  const sessions = await read.first(countLiveSessions, { userId: id, now: ctx.platform.clock.now() })
  const keys = await read.first(countLiveKeys, { userId: id })
  return {
    ...shown,
    language: user.language,
    sessions: Number(sessions?.n ?? 0),
    keys: Number(keys?.n ?? 0),
  }
}

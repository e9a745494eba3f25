import type { RouteReply } from '@anneal/contract'
import type { Platform } from '../../platform/context.ts'
import type { UserRow } from './auth.tables.ts'
import { presentSessionUser } from './present.ts'
import { roleFacts } from './roles/role-facts.ts'
import { signAccessToken } from './signing-keys.ts'

/** What whoever is let in gets: an access token, and who they are. */
export async function signedInReply(
  platform: Platform,
  user: UserRow,
  sessionId: string,
): Promise<RouteReply<'auth.refresh'>> {
  const { accessToken, expiresAt } = await signAccessToken(platform, { sub: user.id, sid: sessionId })
  const facts = await roleFacts(platform.db.read, user.role)
  return {
    accessToken,
    expiresAt: new Date(expiresAt).toISOString(),
    user: presentSessionUser(user, facts),
  }
}

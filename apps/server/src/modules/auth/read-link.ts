import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { shortestPasswordOf } from './factors/shortest-password.ts'
import { goodLink } from './one-time-links.ts'
import { roleFacts } from './roles/role-facts.ts'
import { usersByIds } from './users.repo.ts'

/**
 * What a one-time link is for, told to whoever holds it; it stays good.
 * @throws AppError `auth.link-unknown`, `auth.link-used`, `auth.link-withdrawn`, `auth.link-too-old`.
 */
export async function readLink(ctx: Context, token: string): Promise<RouteReply<'auth.readLink'>> {
  const { read } = ctx.platform.db
  const link = await goodLink(ctx, read, token)
  const by =
    link.created_by === null ? undefined : (await usersByIds(read, [link.created_by])).get(link.created_by)
  return {
    purpose: link.purpose,
    email: link.mail,
    name: link.name,
    role: link.role,
    roleName: (await roleFacts(read, link.role)).name,
    by: by?.name ?? '',
    shortestPassword: await shortestPasswordOf(read, link.role),
    expiresAt: new Date(link.expires_at).toISOString(),
  }
}

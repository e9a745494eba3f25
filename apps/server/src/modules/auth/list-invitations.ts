import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { decodeCursor, toPage } from '../../platform/cursor.ts'
import { openInvitationsBefore } from './links.repo.ts'
import { presentInvitation } from './present.ts'
import { roleNames } from './roles/role-facts.ts'
import { usersByIds } from './users.repo.ts'

/** Invitations that nobody has used or withdrawn, newest first; those too old are among them. */
export async function listInvitations(
  ctx: Context,
  query: { cursor?: string | undefined; limit: number },
): Promise<RouteReply<'auth.listInvitations'>> {
  const { read } = ctx.platform.db
  const before = decodeCursor(query.cursor).id
  const rows = await read.all(openInvitationsBefore, { before, limit: query.limit + 1 })
  const inviters = await usersByIds(
    read,
    rows.flatMap((row) => row.created_by ?? []),
  )
  const nameOf = await roleNames(read)
  return toPage(
    rows,
    query.limit,
    (row) => ({ at: row.created_at, id: row.id }),
    (row) => presentInvitation(row, inviters.get(row.created_by ?? '')?.name ?? '', nameOf(row.role)),
  )
}

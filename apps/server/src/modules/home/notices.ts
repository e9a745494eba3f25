import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import { type Context, perPlatform } from '../../platform/context.ts'
import { decodeCursor, toPage } from '../../platform/cursor.ts'
import { fromJson } from '../../platform/db/index.ts'
import { Kept } from '../../platform/kept.ts'
import { write } from '../../platform/write.ts'
import { actorUserId } from '../auth/index.ts'
import { markRead, type NoticeRow, noticesBelow, unreadCount, unreadFailures } from './notices.repo.ts'

type Notice = RouteReply<'home.notices'>['items'][number]

const mostNeeds = 5

function present(row: NoticeRow): Notice {
  return {
    id: row.id,
    kind: row.kind as Notice['kind'],
    name: row.name,
    problem: row.problem === null ? null : fromJson<Notice['problem']>(row.problem),
    link: row.link,
    at: new Date(Number(row.created_at)).toISOString(),
    readAt: row.read_at === null ? null : new Date(Number(row.read_at)).toISOString(),
  }
}

/** The asker's notices, newest first. */
export async function listNotices(
  ctx: Context,
  query: RouteHandlerInput<'home.notices'>['query'],
): Promise<RouteReply<'home.notices'>> {
  const userId = actorUserId(ctx.actor)
  const { read } = ctx.platform.db
  const [rows, unread] = await Promise.all([
    read.all(noticesBelow, { userId, ...decodeCursor(query.cursor), limit: query.limit + 1 }),
    read.first(unreadCount, { userId }),
  ])
  const cursorOf = (row: NoticeRow) => ({ at: Number(row.created_at), id: row.id })
  return { ...toPage(rows, query.limit, cursorOf, present), unread: Number(unread?.n ?? 0) }
}

const keptNeeds = perPlatform((platform) => new Kept<Notice[]>(platform, ['notice']))

/** What went wrong and was not looked at yet. */
export function needsOf(ctx: Context, userId: string): Promise<Notice[]> {
  return keptNeeds(ctx.platform).get(userId, async () => {
    const rows = await ctx.platform.db.read.all(unreadFailures, { userId, limit: mostNeeds })
    return rows.map(present)
  })
}

/** Marks the asker's notices as read; those of others are no business of theirs. */
export async function readNotices(
  ctx: Context,
  { ids }: RouteHandlerInput<'home.readNotices'>['body'],
): Promise<void> {
  const userId = actorUserId(ctx.actor)
  await write(
    ctx,
    async (tx) => {
      const changed = await markRead(tx, userId, ids, ctx.platform.clock.now())
      if (changed === 0) return
      tx.emit({ kind: 'notice', id: userId, change: 'updated', ownerId: userId, visibility: 'private' })
    },
    { unaudited: 'that something was looked at is nobody else’s business' },
  )
}

import type { Migration } from '../../platform/db/index.ts'
import { defineQuery, type Tx } from '../../platform/db/index.ts'

export interface NoticeRow {
  id: string
  user_id: string
  kind: string
  name: string
  problem: string | null
  link: string
  created_at: number
  read_at: number | null
}

interface NoticeTables {
  notice: NoticeRow
}

const query = defineQuery<NoticeTables>()

export const noticeMigrations: Migration[] = [
  {
    id: 'home.002-notice',
    statements: (words) => [
      words.createTable('notice', {
        id: `${words.id} not null primary key`,
        user_id: `${words.id} not null`,
        kind: `${words.text(40)} not null`,
        name: `${words.text(200)} not null`,
        problem: words.json,
        link: `${words.text(300)} not null`,
        created_at: `${words.time} not null`,
        read_at: words.time,
      }),
      words.createIndex('notice_user', 'notice', ['user_id', 'created_at', 'id']),
      words.createIndex('notice_unread', 'notice', ['user_id', 'read_at', 'created_at']),
      words.createIndex('notice_age', 'notice', ['created_at']),
    ],
  },
]

export const insertNotice = query<Omit<NoticeRow, 'read_at'>, unknown>((k, p) =>
  k.insertInto('notice').values({
    id: p.id,
    user_id: p.user_id,
    kind: p.kind,
    name: p.name,
    problem: p.problem,
    link: p.link,
    created_at: p.created_at,
    read_at: null,
  }),
)

export const noticesBelow = query<{ userId: string; at: number; id: string; limit: number }, NoticeRow>(
  (k, p) =>
    k
      .selectFrom('notice')
      .selectAll()
      .where('user_id', '=', p.userId)
      .where('created_at', '<=', p.at)
      .where((eb) => eb.or([eb('created_at', '<', p.at), eb('id', '<', p.id)]))
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(p.limit),
)

export const unreadCount = query<{ userId: string }, { n: number | string }>((k, p) =>
  k
    .selectFrom('notice')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('user_id', '=', p.userId)
    .where('read_at', 'is', null),
)

/** Unread ones of what went wrong. */
export const unreadFailures = query<{ userId: string; limit: number }, NoticeRow>((k, p) =>
  k
    .selectFrom('notice')
    .selectAll()
    .where('user_id', '=', p.userId)
    .where('read_at', 'is', null)
    .where('kind', 'in', ['run-failed', 'model-failing', 'deployment-failed'])
    .orderBy('created_at', 'desc')
    .limit(p.limit),
)

const readOne = query<{ userId: string; id: string; now: number }, unknown>((k, p) =>
  k
    .updateTable('notice')
    .set({ read_at: p.now })
    .where('id', '=', p.id)
    .where('user_id', '=', p.userId)
    .where('read_at', 'is', null),
)
const readAll = query<{ userId: string; now: number }, unknown>((k, p) =>
  k
    .updateTable('notice')
    .set({ read_at: p.now })
    .where('user_id', '=', p.userId)
    .where('read_at', 'is', null),
)

/** Marks some of a person's notices as read, or all; what is read stays as it was. */
export async function markRead(
  tx: Tx,
  userId: string,
  ids: readonly string[] | undefined,
  now: number,
): Promise<number> {
  if (!ids) return (await tx.run(readAll, { userId, now })).changes
  let changes = 0
  for (const id of ids) changes += (await tx.run(readOne, { userId, id, now })).changes
  return changes
}

export const deleteNoticesBefore = query<{ before: number }, unknown>((k, p) =>
  k.deleteFrom('notice').where('created_at', '<', p.before),
)

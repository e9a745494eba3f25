import { type Migration, defineQuery } from '../db/index.ts'

export interface OutboxRow {
  id: string
  number: number | null
  kind: string
  resource_id: string
  change_kind: string
  owner_id: string | null
  visibility: string
  permission: string | null
  data: string | null
  created_at: number
}

const query = defineQuery<{ outbox: OutboxRow }>()

export const eventsMigrations: Migration[] = [
  {
    id: 'events.001-outbox',
    statements: (words) => [
      words.createTable('outbox', {
        id: `${words.id} not null primary key`,
        number: words.bigint,
        kind: `${words.text(40)} not null`,
        resource_id: `${words.text(100)} not null`,
        change_kind: `${words.text(20)} not null`,
        owner_id: words.id,
        visibility: `${words.text(20)} not null`,
        permission: words.text(40),
        data: words.json,
        created_at: `${words.time} not null`,
      }),
      words.createIndex('outbox_number', 'outbox', ['number']),
    ],
  },
]

export const insertChange = query<Omit<OutboxRow, 'number'>, unknown>((k, p) =>
  k.insertInto('outbox').values({
    id: p.id,
    number: null,
    kind: p.kind,
    resource_id: p.resource_id,
    change_kind: p.change_kind,
    owner_id: p.owner_id,
    visibility: p.visibility,
    permission: p.permission,
    data: p.data,
    created_at: p.created_at,
  }),
)

export const unnumbered = query<{ limit: number }, OutboxRow>((k, p) =>
  k.selectFrom('outbox').selectAll().where('number', 'is', null).orderBy('id').limit(p.limit),
)

export const setNumber = query<{ id: string; number: number }, unknown>((k, p) =>
  k.updateTable('outbox').set({ number: p.number }).where('id', '=', p.id),
)

export const numberedAfter = query<{ after: number; limit: number }, OutboxRow>((k, p) =>
  k.selectFrom('outbox').selectAll().where('number', '>', p.after).orderBy('number').limit(p.limit),
)

export const oldestNumber = query<Record<never, never>, { number: number | null }>((k) =>
  k.selectFrom('outbox').select((eb) => eb.fn.min('number').as('number')),
)

export const deleteBefore = query<{ before: number }, unknown>((k, p) =>
  k.deleteFrom('outbox').where('created_at', '<', p.before).where('number', 'is not', null),
)

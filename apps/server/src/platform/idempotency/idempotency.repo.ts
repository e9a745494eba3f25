import { type Migration, defineQuery } from '../db/index.ts'

export interface IdempotencyRow {
  actor_id: string
  route: string
  idempotency_key: string
  body_hash: string
  state: string
  reply: string | null
  created_at: number
}

const query = defineQuery<{ idempotency: IdempotencyRow }>()

export const idempotencyMigrations: Migration[] = [
  {
    id: 'idempotency.001-idempotency',
    statements: (words) => [
      words.createTable(
        'idempotency',
        {
          actor_id: `${words.text(80)} not null`,
          route: `${words.text(100)} not null`,
          idempotency_key: `${words.text(200)} not null`,
          body_hash: `${words.text(64)} not null`,
          state: `${words.text(20)} not null`,
          reply: words.longtext,
          created_at: `${words.time} not null`,
        },
        ['primary key (actor_id, route, idempotency_key)'],
      ),
      words.createIndex('idempotency_age', 'idempotency', ['created_at']),
    ],
  },
]

type Key = Pick<IdempotencyRow, 'actor_id' | 'route' | 'idempotency_key'>

export const insertIdempotency = query<IdempotencyRow, unknown>((k, p) =>
  k.insertInto('idempotency').values({
    actor_id: p.actor_id,
    route: p.route,
    idempotency_key: p.idempotency_key,
    body_hash: p.body_hash,
    state: p.state,
    reply: p.reply,
    created_at: p.created_at,
  }),
)

export const idempotencyByKey = query<Key, IdempotencyRow>((k, p) =>
  k
    .selectFrom('idempotency')
    .selectAll()
    .where('actor_id', '=', p.actor_id)
    .where('route', '=', p.route)
    .where('idempotency_key', '=', p.idempotency_key),
)

export const finishIdempotency = query<Key & { state: string; reply: string | null }, unknown>((k, p) =>
  k
    .updateTable('idempotency')
    .set({ state: p.state, reply: p.reply })
    .where('actor_id', '=', p.actor_id)
    .where('route', '=', p.route)
    .where('idempotency_key', '=', p.idempotency_key),
)

export const forgetIdempotency = query<Key, unknown>((k, p) =>
  k
    .deleteFrom('idempotency')
    .where('actor_id', '=', p.actor_id)
    .where('route', '=', p.route)
    .where('idempotency_key', '=', p.idempotency_key),
)

/** The same key of a day ago, or of a server that died before it answered. */
export const forgetLapsed = query<Key & { kept: number; answered: number }, unknown>((k, p) =>
  k
    .deleteFrom('idempotency')
    .where('actor_id', '=', p.actor_id)
    .where('route', '=', p.route)
    .where('idempotency_key', '=', p.idempotency_key)
    .where((eb) =>
      eb.or([
        eb('created_at', '<', p.kept),
        eb.and([eb('created_at', '<', p.answered), eb('state', '=', 'running')]),
      ]),
    ),
)

/** Those that are kept no longer. */
export const forgetOld = query<{ kept: number }, unknown>((k, p) =>
  k.deleteFrom('idempotency').where('created_at', '<', p.kept),
)

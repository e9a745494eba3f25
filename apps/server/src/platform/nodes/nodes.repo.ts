import { type Migration, databaseNow, defineQuery, upsert } from '../db/index.ts'

export interface NodeRow {
  id: string
  name: string
  address: string
  started_at: number
  heartbeat_at: number
}

const query = defineQuery<{ node: NodeRow }>()

export const nodesMigrations: Migration[] = [
  {
    id: 'nodes.001-node',
    statements: (words) => [
      words.createTable('node', {
        id: `${words.id} not null primary key`,
        name: `${words.text(200)} not null`,
        address: `${words.text(300)} not null`,
        started_at: `${words.time} not null`,
        heartbeat_at: `${words.time} not null`,
      }),
    ],
  },
]

export const putNode = query<NodeRow, unknown>((k, p, dialect) =>
  upsert(
    dialect,
    k,
    'node',
    { id: p.id, name: p.name, address: p.address, started_at: p.started_at, heartbeat_at: p.heartbeat_at },
    ['id'],
    ['name', 'address', 'started_at', 'heartbeat_at'],
  ),
)

export const beat = query<{ id: string }, unknown>((k, p, dialect) =>
  k
    .updateTable('node')
    .set({ heartbeat_at: databaseNow(dialect) })
    .where('id', '=', p.id),
)

export const nodeById = query<{ id: string }, NodeRow>((k, p) =>
  k.selectFrom('node').selectAll().where('id', '=', p.id),
)

/** Nodes whose last sign of life is older than `ms` by the database's clock. */
export const silentNodes = query<{ ms: number }, NodeRow>((k, p, dialect) =>
  k
    .selectFrom('node')
    .selectAll()
    .where((eb) => eb(databaseNow(dialect), '>', eb('heartbeat_at', '+', p.ms))),
)

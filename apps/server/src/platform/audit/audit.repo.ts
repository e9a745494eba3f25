import { type Migration, defineQuery } from '../db/index.ts'

export interface AuditRow {
  id: string
  at: number
  actor_kind: string
  actor_id: string | null
  actor_name: string | null
  /** The session or key that it was done with. */
  credential_id: string | null
  action: string
  outcome: string
  target_kind: string | null
  target_id: string | null
  details: string
  address: string | null
  request_id: string | null
  route: string | null
  number: number | null
  hash: string | null
}

const query = defineQuery<{ audit_event: AuditRow }>()

export const auditMigrations: Migration[] = [
  {
    id: 'audit.001-event',
    statements: (words) => [
      words.createTable('audit_event', {
        id: `${words.id} not null primary key`,
        at: `${words.time} not null`,
        actor_kind: `${words.text(10)} not null`,
        actor_id: words.text(60),
        actor_name: words.text(200),
        credential_id: words.id,
        action: `${words.text(100)} not null`,
        outcome: `${words.text(10)} not null`,
        target_kind: words.text(40),
        target_id: words.text(100),
        details: `${words.json} not null`,
        address: words.text(64),
        request_id: words.text(100),
        route: words.text(100),
        number: words.bigint,
        hash: words.text(64),
      }),
      words.createIndex('audit_event_at', 'audit_event', ['at', 'id']),
      words.createIndex('audit_event_number', 'audit_event', ['number']),
    ],
  },
]

export const insertAudit = query<Omit<AuditRow, 'number' | 'hash'>, unknown>((k, p) =>
  k.insertInto('audit_event').values({
    id: p.id,
    at: p.at,
    actor_kind: p.actor_kind,
    actor_id: p.actor_id,
    actor_name: p.actor_name,
    credential_id: p.credential_id,
    action: p.action,
    outcome: p.outcome,
    target_kind: p.target_kind,
    target_id: p.target_id,
    details: p.details,
    address: p.address,
    request_id: p.request_id,
    route: p.route,
    number: null,
    hash: null,
  }),
)

export const unsealed = query<{ limit: number }, AuditRow>((k, p) =>
  k.selectFrom('audit_event').selectAll().where('number', 'is', null).orderBy('id').limit(p.limit),
)

export const seal = query<{ id: string; number: number; hash: string }, unknown>((k, p) =>
  k.updateTable('audit_event').set({ number: p.number, hash: p.hash }).where('id', '=', p.id),
)

export const sealedAfter = query<{ after: number; limit: number }, AuditRow>((k, p) =>
  k.selectFrom('audit_event').selectAll().where('number', '>', p.after).orderBy('number').limit(p.limit),
)

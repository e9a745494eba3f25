import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { Cursor } from '../cursor.ts'
import type { Dialect, Reader } from '../db/index.ts'
import type { AuditRow } from './audit.repo.ts'

/** What a reader of the audit looks for; times in Unix milliseconds. */
export interface AuditFilter {
  from?: number | undefined
  to?: number | undefined
  outcome?: string | undefined
  actor?: string | undefined
  /** An action, or those that begin with it where it ends in a dot. */
  action?: string | undefined
  target?: string | undefined
  address?: string | undefined
  requestId?: string | undefined
  /** Looks in who, action, what and address, whatever the case of ASCII letters. */
  search?: string | undefined
}

interface Tables {
  audit_event: AuditRow
}

const escaped = (text: string) => text.replaceAll(/[!%_]/g, (sign) => `!${sign}`)
/** As `lower` does it: SQLite, and PostgreSQL under the collation C, know ASCII letters alone. */
const lowered = (dialect: Dialect, text: string) =>
  dialect === 'mysql' ? text.toLowerCase() : text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
const like = (column: string, pattern: string) =>
  sql<SqlBool>`lower(${sql.ref(column)}) like ${pattern} escape '!'`

/** Columns that a free search looks in. A name in the details is found as it stands in their JSON. */
const searched = ['actor_name', 'action', 'target_kind', 'target_id', 'address', 'details'] as const

function conditions(
  eb: ExpressionBuilder<Tables, 'audit_event'>,
  filter: AuditFilter,
  dialect: Dialect,
): Expression<SqlBool>[] {
  const all: Expression<SqlBool>[] = []
  if (filter.from !== undefined) all.push(eb('at', '>=', filter.from))
  if (filter.to !== undefined) all.push(eb('at', '<', filter.to))
  if (filter.outcome) all.push(eb('outcome', '=', filter.outcome))
  if (filter.actor) all.push(eb('actor_id', '=', filter.actor))
  if (filter.action?.endsWith('.')) all.push(like('action', `${escaped(lowered(dialect, filter.action))}%`))
  else if (filter.action) all.push(eb('action', '=', filter.action))
  if (filter.target) all.push(eb('target_id', '=', filter.target))
  if (filter.address) all.push(eb('address', '=', filter.address))
  if (filter.requestId) all.push(eb('request_id', '=', filter.requestId))
  if (filter.search) {
    const pattern = `%${escaped(lowered(dialect, filter.search))}%`
    all.push(eb.or(searched.map((column) => like(column, pattern))))
  }
  return all
}

/** Newest first, below a cursor. */
export function auditPage(reader: Reader, filter: AuditFilter, below: Cursor, limit: number) {
  return reader.dynamic<Tables, AuditRow>((k) =>
    k
      .selectFrom('audit_event')
      .selectAll()
      .where('at', '<=', below.at)
      .where((eb) => eb.or([eb('at', '<', below.at), eb('id', '<', below.id)]))
      .where((eb) => eb.and(conditions(eb, filter, reader.dialect)))
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit),
  )
}

/** How many events there are by outcome. */
export function auditCounts(reader: Reader, filter: AuditFilter) {
  return reader.dynamic<Tables, { outcome: string; events: number }>((k) =>
    k
      .selectFrom('audit_event')
      .select((eb) => ['outcome', eb.fn.countAll<number>().as('events')])
      .where((eb) => eb.and(conditions(eb, filter, reader.dialect)))
      .groupBy('outcome'),
  )
}

/** The actions that occur in a span of time. */
export function auditActionsIn(reader: Reader, { from, to }: AuditFilter) {
  return reader.dynamic<Tables, { action: string }>((k) =>
    k
      .selectFrom('audit_event')
      .select('action')
      .distinct()
      .where((eb) => eb.and(conditions(eb, { from, to }, reader.dialect)))
      .orderBy('action')
      .limit(500),
  )
}

/** Who acts in a span of time, under the name last used. */
export function auditActorsIn(reader: Reader, { from, to }: AuditFilter) {
  return reader.dynamic<Tables, { actor_id: string; actor_name: string | null }>((k) =>
    k
      .selectFrom('audit_event')
      .select((eb) => ['actor_id', eb.fn.max('actor_name').as('actor_name')])
      .where((eb) =>
        eb.and([...conditions(eb, { from, to }, reader.dialect), eb('actor_kind', 'in', ['user', 'key'])]),
      )
      .where('actor_id', 'is not', null)
      .groupBy('actor_id')
      .orderBy('actor_name')
      .limit(500)
      .$castTo<{ actor_id: string; actor_name: string | null }>(),
  )
}

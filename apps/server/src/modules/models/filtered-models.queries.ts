import type { RouteHandlerInput } from '@anneal/contract'
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import { sql } from 'kysely'
import { type Parameters, type Reader, defineShapes } from '../../platform/db/index.ts'
import { type VisibleParams, visibleTo } from '../auth/index.ts'
import type { Below, ModelTables, ModelWithConnection } from './models.tables.ts'
import { slowFirstTokenMs } from './present.ts'

type Query = RouteHandlerInput<'models.list'>['query']
export type ModelFilter = Pick<Query, 'connectionId' | 'health' | 'capability'> & { pattern: string | null }

type Shape = Pick<Query, 'health' | 'capability'> & { ofConnection: boolean; named: boolean }
type Params = VisibleParams & Below & { connectionId: string; pattern: string }

const filtered = defineShapes<ModelTables>()<Shape, Params, ModelWithConnection>((k, p, shape) =>
  k
    .selectFrom('model')
    .innerJoin('connection', 'connection.id', 'model.connection_id')
    .selectAll('model')
    .select(['connection.name as connection_name', 'connection.provider'])
    .where('model.deleted_at', 'is', null)
    .where((eb) => visibleTo(eb, p, 'model', 'model'))
    .where((eb) => eb.and(conditionsOf(eb, p, shape)))
    .where('model.created_at', '<=', p.at)
    .where((eb) => eb.or([eb('model.created_at', '<', p.at), eb('model.id', '<', p.id)]))
    .orderBy('model.created_at', 'desc')
    .orderBy('model.id', 'desc')
    .limit(p.limit),
)

/** Models of a filter, newest first; `pattern` is lower-cased and escaped by `!`. */
export function filteredModelRows(
  reader: Reader,
  params: VisibleParams & Below,
  { connectionId, health, capability, pattern }: ModelFilter,
): Promise<ModelWithConnection[]> {
  const shape = { health, capability, ofConnection: !!connectionId, named: pattern !== null }
  return reader.all(filtered(shape), {
    ...params,
    connectionId: connectionId ?? '',
    pattern: pattern ?? '',
  })
}

type Builder = ExpressionBuilder<ModelTables, 'model' | 'connection'>

function conditionsOf(eb: Builder, p: Parameters<Params>, shape: Shape): Expression<SqlBool>[] {
  const { ofConnection, health, capability, named } = shape
  return [
    ...(ofConnection ? [eb('model.connection_id', '=', p.connectionId)] : []),
    ...(health ? [healthIs(eb, health)] : []),
    ...(capability === 'embedding' ? [eb('model.kind', '=', 'embedding')] : []),
    ...(capability && capability !== 'embedding'
      ? [eb('model.capabilities', 'like', `%"${capability}":true%`)]
      : []),
    ...(named
      ? [
          eb.or([
            sql<SqlBool>`${sql.ref('model.name_key')} like ${p.pattern} escape '!'`,
            sql<SqlBool>`${sql.ref('connection.name_key')} like ${p.pattern} escape '!'`,
            sql<SqlBool>`lower(${sql.ref('model.provider_model')}) like ${p.pattern} escape '!'`,
          ]),
        ]
      : []),
  ]
}

/** The twin of `healthOf`, for the database. */
function healthIs(eb: Builder, health: NonNullable<Query['health']>): Expression<SqlBool> {
  const off = eb.or([eb('model.is_off', '=', 1), eb('model.is_disabled', '=', 1)])
  const lastOk = sql<number>`coalesce(${sql.ref('model.last_ok_at')}, 0)`
  const lastError = sql<number>`coalesce(${sql.ref('model.last_error_at')}, 0)`
  const called = sql<SqlBool>`${lastOk} + ${lastError} > 0`
  const failing = sql<SqlBool>`${lastError} > ${lastOk}`
  const slow = sql<SqlBool>`coalesce(${sql.ref('model.first_token_ms')}, 0) > ${slowFirstTokenMs}`
  if (health === 'off') return off
  if (health === 'unknown') return eb.and([eb.not(off), eb.not(called)])
  if (health === 'failing') return eb.and([eb.not(off), failing])
  const answers = [eb.not(off), called, eb.not(failing)]
  return eb.and([...answers, health === 'slow' ? slow : eb.not(slow)])
}

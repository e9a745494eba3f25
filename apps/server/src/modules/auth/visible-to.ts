import type { ResourceKind } from '@anneal/contract'
import type { Expression, SqlBool } from 'kysely'
import { sql } from 'kysely'
import type { Actor } from '../../platform/context.ts'
import { isPersonal } from './can.ts'
import { grantedAt } from './grants.repo.ts'

/**
 * What `visibleTo` needs to know of the actor. `actorSeesAll`: -1 nobody (sees nothing), 0 a person, 1 one who
 * holds `resources.all` (all but what is personal to others), 2 the system.
 */
export type VisibleParams = { actorId: string; actorSeesAll: number }

/** The same two as parameters of a query: pass the query's own `p`. */
export type VisibleParamRefs = { readonly [K in keyof VisibleParams]: unknown }

interface Or {
  or(parts: readonly Expression<SqlBool>[]): Expression<SqlBool>
}

export function visibleParams(actor: Actor): VisibleParams {
  if (actor.kind === 'system') return { actorId: '', actorSeesAll: 2 }
  if (actor.kind === 'nobody') return { actorId: '', actorSeesAll: -1 }
  return { actorId: actor.userId, actorSeesAll: actor.permissions.has('resources.all') ? 1 : 0 }
}

/**
 * The twin of `can(actor, 'read', …)` for queries: a condition on the rows of `table` (or its alias), which has the
 * columns of every resource (`id`, `owner_id`, `visibility`; a tracked run's also `project_id`).
 */
export function visibleTo(
  eb: Or,
  p: VisibleParamRefs,
  table: string,
  kind: ResourceKind,
): Expression<SqlBool> {
  const column = (name: string) => sql.ref(`${table}.${name}`)
  const at = grantedAt(kind)
  const seesAllFrom = sql.lit(isPersonal(kind) ? 2 : 1)
  const granted = sql<SqlBool>`exists (
    select 1 from resource_grant g
    where g.resource_kind = ${sql.lit(at.kind)} and g.resource_id = ${column(at.column)} and (
      (g.subject_kind = 'user' and g.subject_id = ${p.actorId}) or
      (g.subject_kind = 'group' and g.subject_id in (
        select m.group_id from user_group_member m
        join user_group ug on ug.id = m.group_id and ug.deleted_at is null
        where m.user_id = ${p.actorId}))))`
  return eb.or([
    sql<SqlBool>`${column('owner_id')} = ${p.actorId}`,
    sql<SqlBool>`(${column('visibility')} = 'everyone' and ${p.actorSeesAll} >= 0)`,
    sql<SqlBool>`${p.actorSeesAll} >= ${seesAllFrom}`,
    sql<SqlBool>`(${column('visibility')} = 'groups' and ${granted})`,
  ])
}

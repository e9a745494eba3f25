import type { ResourceKind } from '@anneal/contract'
import type { Reader } from '../../platform/db/index.ts'
import { defineQuery } from '../../platform/db/index.ts'
import type { AuthTables } from './auth.tables.ts'
import type { GrantRow } from './can.ts'

const query = defineQuery<AuthTables>()

/** Where the grants of a resource are kept: a tracked run has those of its project. */
export function grantedAt(kind: ResourceKind): { kind: ResourceKind; column: 'id' | 'project_id' } {
  return kind === 'tracked-run' ? { kind: 'project', column: 'project_id' } : { kind, column: 'id' }
}

const grantsOfResource = query<{ kind: string; id: string }, GrantRow>((k, p) =>
  k
    .selectFrom('resource_grant')
    .select(['subject_kind', 'subject_id', 'action'])
    .where('resource_kind', '=', p.kind)
    .where('resource_id', '=', p.id),
)

/** The grants that are kept under a kind and an id. */
export function grantsOf(reader: Reader, kind: ResourceKind, id: string): Promise<GrantRow[]> {
  return reader.all(grantsOfResource, { kind, id })
}

/** All of a kind that reach a person, directly or by a group. */
export const grantsReaching = query<
  { kind: string; userId: string },
  Pick<GrantRow, 'action'> & { resource_id: string }
>((k, p) =>
  k
    .selectFrom('resource_grant as g')
    .select(['g.resource_id', 'g.action'])
    .where('g.resource_kind', '=', p.kind)
    .where((eb) =>
      eb.or([
        eb.and([eb('g.subject_kind', '=', 'user'), eb('g.subject_id', '=', p.userId)]),
        eb.and([
          eb('g.subject_kind', '=', 'group'),
          eb(
            'g.subject_id',
            'in',
            eb
              .selectFrom('user_group_member as m')
              .innerJoin('user_group as ug', 'ug.id', 'm.group_id')
              .select('m.group_id')
              .where('m.user_id', '=', p.userId)
              .where('ug.deleted_at', 'is', null),
          ),
        ]),
      ]),
    ),
)

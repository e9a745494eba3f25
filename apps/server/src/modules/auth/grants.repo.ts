import type { ResourceKind } from '@anneal/contract'
import type { Reader } from '../../platform/db/index.ts'
import { defineQuery } from '../../platform/db/index.ts'
import type { AuthTables } from './auth.tables.ts'
import type { GrantRow } from './can.ts'

const query = defineQuery<AuthTables>()

const grantsOfResource = query<{ kind: string; id: string }, GrantRow>((k, p) =>
  k
    .selectFrom('resource_grant')
    .select(['subject_kind', 'subject_id', 'action'])
    .where('resource_kind', '=', p.kind)
    .where('resource_id', '=', p.id),
)

/** The grants of one resource, for `can`; a private resource needs none read. */
export function grantsOf(reader: Reader, kind: ResourceKind, id: string): Promise<GrantRow[]> {
  return reader.all(grantsOfResource, { kind, id })
}

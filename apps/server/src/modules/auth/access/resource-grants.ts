import type { AccessKind, ResourceKind } from '@anneal/contract'
import { accessKinds } from '@anneal/contract'
import type { Reader } from '../../../platform/db/index.ts'
import type { GrantRow } from '../can.ts'
import { grantedAt, grantsOf } from '../grants.repo.ts'
import { sharedRow } from './access.repo.ts'
import { declarationOf } from './declare-resource.ts'

export function isAccessKind(kind: string): kind is AccessKind {
  return (accessKinds as readonly string[]).includes(kind)
}

/** The grants of a resource that is known by its id alone, wherever they are kept. */
export async function resourceGrants(reader: Reader, kind: ResourceKind, id: string): Promise<GrantRow[]> {
  const at = grantedAt(kind)
  if (at.column === 'id') return grantsOf(reader, at.kind, id)
  const declaration = isAccessKind(kind) ? declarationOf(kind) : undefined
  const row = declaration && (await sharedRow(reader, declaration, id))
  return row?.parent_id ? grantsOf(reader, at.kind, row.parent_id) : []
}

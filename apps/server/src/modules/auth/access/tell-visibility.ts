import type { AccessKind, Visibility } from '@anneal/contract'
import type { WriteTx } from '../../../platform/write.ts'
import { grantedAt, grantsOf } from '../grants.repo.ts'
import type { ResourceRow } from './require-access.ts'
import { tellAccess } from './tell-access.ts'

/** Tells those who could see something, where a change of it lets fewer see it than before, that it has gone. */
export async function tellVisibility(
  tx: WriteTx,
  kind: AccessKind,
  row: ResourceRow,
  visibility: Visibility,
): Promise<void> {
  if (row.visibility === visibility) return
  const at = grantedAt(kind)
  const id = at.column === 'id' ? row.id : (row.project_id ?? row.id)
  const audience = { ownerId: row.owner_id, grants: await grantsOf(tx, at.kind, id) }
  const before = { ...audience, visibility: row.visibility as Visibility }
  tellAccess(tx, { kind, id: row.id }, before, { ...audience, visibility })
}

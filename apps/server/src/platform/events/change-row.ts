import type { Change, Permission, Visibility } from '@anneal/contract'
import { fromJson } from '../db/index.ts'
import type { OutboxRow } from './outbox.repo.ts'

/** A change as it is handed to readers, with what says who may know of it. */
export interface ChangeRow {
  number: number
  kind: string
  id: string
  change: Change['change']
  ownerId: string | null
  /** `permission`: for whoever holds `permission`. `group`: for the members of the group that `ownerId` names. */
  visibility: Visibility | 'permission' | 'group'
  permission: Permission | null
  data: Record<string, unknown> | null
}

export function changeOf(row: OutboxRow, number: number): ChangeRow {
  return {
    number,
    kind: row.kind,
    id: row.resource_id,
    change: row.change_kind as Change['change'],
    ownerId: row.owner_id,
    visibility: row.visibility as ChangeRow['visibility'],
    permission: row.permission as Permission | null,
    data: row.data === null ? null : fromJson(row.data),
  }
}

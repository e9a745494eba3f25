import type { ResourceAction, ResourceKind, Visibility } from '@anneal/contract'
import type { Actor, Context } from '../../../platform/context.ts'
import type { Reader } from '../../../platform/db/index.ts'
import type { GrantRow } from '../can.ts'
import { mayOf } from '../can.ts'
import { grantedAt, grantsReaching } from '../grants.repo.ts'
import { usersByIds } from '../users.repo.ts'
import type { ResourceRow } from './require-access.ts'
import { resourceOf } from './require-access.ts'

/** What every reply says of a resource beside its own facts. */
export interface AboutResources {
  ownerName(row: ResourceRow): string
  may(row: ResourceRow): ResourceAction[]
}

const idOf = (column: 'id' | 'project_id', row: ResourceRow) =>
  column === 'id' ? row.id : (row.project_id ?? row.id)

/** Owners' names and what the actor may do, with grants, for all the rows of a reply at once. */
export async function aboutResources(
  reader: Reader,
  actor: Actor,
  kind: ResourceKind,
  rows: readonly ResourceRow[],
): Promise<AboutResources> {
  const people = await usersByIds(
    reader,
    rows.map((row) => row.owner_id),
  )
  const at = grantedAt(kind)
  const grants = new Map<string, GrantRow[]>()
  if ('userId' in actor) {
    const { userId } = actor
    // One's own and what is private need none.
    if (rows.some((row) => row.visibility !== 'private' && row.owner_id !== userId))
      for (const { resource_id: id, action } of await reader.all(grantsReaching, { kind: at.kind, userId }))
        grants.set(id, [...(grants.get(id) ?? []), { subject_kind: 'user', subject_id: userId, action }])
  }
  return {
    ownerName: (row) => people.get(row.owner_id)?.name ?? '',
    may: (row) =>
      mayOf(actor, {
        kind,
        ownerId: row.owner_id,
        visibility: row.visibility as Visibility,
        grants: grants.get(idOf(at.column, row)) ?? [],
      }),
  }
}

/** The same of one row that may have been opened by who may otherwise not read it. */
export async function aboutReadable(
  ctx: Context,
  reader: Reader,
  kind: ResourceKind,
  row: ResourceRow,
): Promise<{ ownerName: string; may: ResourceAction[] }> {
  const owner = (await usersByIds(reader, [row.owner_id])).get(row.owner_id)
  return { ownerName: owner?.name ?? '', may: mayOf(ctx.actor, await resourceOf(ctx, reader, kind, row)) }
}

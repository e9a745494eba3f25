import type { Visibility } from '@anneal/contract'
import type { Compilable, Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { Reader, Tx } from '../../../platform/db/index.ts'
import { defineQuery } from '../../../platform/db/index.ts'
import type { AuthTables, GrantTableRow, ReadingRow, ResourceAccessRow } from '../auth.tables.ts'
import type { ResourceDeclaration } from './declare-resource.ts'

const query = defineQuery<AuthTables>()

/** What every resource has. */
export interface SharedRow {
  id: string
  owner_id: string
  visibility: Visibility
  deleted_at: number | null
  name: string
  parent_id: string | null
}

/** A statement of one's own over a table that a module declared. */
function raw<R>(statement: RawBuilder<R>) {
  return (k: Kysely<AuthTables>): Compilable<R> => ({ compile: () => statement.compile(k) })
}

/** One resource of a declared kind; `lock` holds it until the transaction ends. */
export async function sharedRow(
  reader: Reader,
  { table, nameColumn, parent }: ResourceDeclaration,
  id: string,
  lock = false,
): Promise<SharedRow | undefined> {
  const parentId = parent ? sql.ref(parent.column) : sql`null`
  const held = lock && reader.dialect !== 'sqlite' ? sql` for update` : sql``
  const [row] = await reader.dynamic(
    raw(sql<SharedRow>`select id, owner_id, visibility, deleted_at, ${sql.ref(nameColumn)} as name,
      ${parentId} as parent_id from ${sql.table(table)} where id = ${id}${held}`),
  )
  return row
}

/** Those whose access follows it. */
export function followersRows(
  reader: Reader,
  { table }: ResourceDeclaration,
  where: { column: string; id: string },
): Promise<Pick<SharedRow, 'id' | 'owner_id' | 'visibility'>[]> {
  return reader.dynamic(
    raw(sql<Pick<SharedRow, 'id' | 'owner_id' | 'visibility'>>`select id, owner_id, visibility
      from ${sql.table(table)} where ${sql.ref(where.column)} = ${where.id}`),
  )
}

interface Change {
  visibility?: Visibility
  ownerId?: string
  /** Only those of this owner. */
  ofOwner?: string
  /** Only those of this owner, and those that others keep not to themselves. */
  widenedFor?: string
}

/** Raises the version: whoever writes what they read before is to meet what there is now. */
export async function changeShared(
  tx: Tx,
  { table }: ResourceDeclaration,
  where: { column: string; id: string },
  change: Change,
): Promise<void> {
  const sets = [sql`version = version + 1`]
  if (change.visibility !== undefined) sets.push(sql`visibility = ${change.visibility}`)
  if (change.ownerId !== undefined) sets.push(sql`owner_id = ${change.ownerId}`)
  const only = change.ofOwner === undefined ? sql`` : sql` and owner_id = ${change.ofOwner}`
  // What another keeps to themselves stays so, whoever shares the thing that it stands in.
  const kept =
    change.widenedFor === undefined
      ? sql``
      : sql` and (owner_id = ${change.widenedFor} or visibility <> 'private')`
  await tx.runDynamic(
    raw(sql`update ${sql.table(table)} set ${sql.join(sets)}
      where ${sql.ref(where.column)} = ${where.id}${only}${kept}`),
  )
}

export const accessVersion = query<{ kind: string; id: string }, ResourceAccessRow>((k, p) =>
  k
    .selectFrom('resource_access')
    .selectAll()
    .where('resource_kind', '=', p.kind)
    .where('resource_id', '=', p.id),
)

export const insertAccessVersion = query<ResourceAccessRow, unknown>((k, p) =>
  k
    .insertInto('resource_access')
    .values({ resource_kind: p.resource_kind, resource_id: p.resource_id, version: p.version }),
)

export const setAccessVersion = query<ResourceAccessRow, unknown>((k, p) =>
  k
    .updateTable('resource_access')
    .set({ version: p.version })
    .where('resource_kind', '=', p.resource_kind)
    .where('resource_id', '=', p.resource_id),
)

export const deleteGrants = query<{ kind: string; id: string }, unknown>((k, p) =>
  k.deleteFrom('resource_grant').where('resource_kind', '=', p.kind).where('resource_id', '=', p.id),
)

export const insertGrant = query<GrantTableRow, unknown>((k, p) =>
  k.insertInto('resource_grant').values({
    id: p.id,
    resource_kind: p.resource_kind,
    resource_id: p.resource_id,
    subject_kind: p.subject_kind,
    subject_id: p.subject_id,
    action: p.action,
    created_at: p.created_at,
  }),
)

export const insertReading = query<ReadingRow, unknown>((k, p) =>
  k.insertInto('personal_reading').values({
    id: p.id,
    resource_kind: p.resource_kind,
    resource_id: p.resource_id,
    owner_id: p.owner_id,
    reader_id: p.reader_id,
    reason: p.reason,
    created_at: p.created_at,
    expires_at: p.expires_at,
  }),
)

export const openReadings = query<{ kind: string; id: string; now: number }, { reader_id: string }>((k, p) =>
  k
    .selectFrom('personal_reading')
    .select('reader_id')
    .where('resource_kind', '=', p.kind)
    .where('resource_id', '=', p.id)
    .where('expires_at', '>', p.now),
)

export const readingsBelow = query<{ kind: string; resource: string; id: string; limit: number }, ReadingRow>(
  (k, p) =>
    k
      .selectFrom('personal_reading')
      .selectAll()
      .where('resource_kind', '=', p.kind)
      .where('resource_id', '=', p.resource)
      .where('id', '<', p.id)
      .orderBy('id', 'desc')
      .limit(p.limit),
)

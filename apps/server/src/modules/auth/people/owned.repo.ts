import type { AccessKind, Visibility } from '@anneal/contract'
import { type Compilable, type Kysely, type RawBuilder, sql } from 'kysely'
import type { Reader, Tx } from '../../../platform/db/index.ts'
import { defineQuery } from '../../../platform/db/index.ts'
import type { ResourceDeclaration } from '../access/declare-resource.ts'
import { declarationOf } from '../access/declare-resource.ts'
import type { AuthTables, UserRow } from '../auth.tables.ts'
import type { UserDeletionRow } from './people.tables.ts'

const query = defineQuery<AuthTables>()

function raw<R>(statement: RawBuilder<R>) {
  return (k: Kysely<AuthTables>): Compilable<R> => ({ compile: () => statement.compile(k) })
}

/** What goes along with another thing by itself comes first with that: a deployment before its connection and model. */
export const ownedKinds: readonly AccessKind[] = [
  'deployment',
  'model',
  'connection',
  'prompt',
  'dataset',
  'training-run',
  'project',
  'tracked-run',
  'comparison',
  'conversation',
]

/** What only exists with its parent is counted, and removed, there. */
const ownAlone = ({ parent }: ResourceDeclaration) =>
  parent?.grants === 'copied' ? sql` and ${sql.ref(parent.column)} is null` : sql``

export async function countOwned(reader: Reader, kind: AccessKind, userId: string): Promise<number> {
  const declaration = declarationOf(kind)
  if (!declaration) return 0
  const [row] = await reader.dynamic(
    raw(sql<{ n: number | string }>`select count(*) as n from ${sql.table(declaration.table)}
      where owner_id = ${userId} and deleted_at is null${ownAlone(declaration)}`),
  )
  return Number(row?.n ?? 0)
}

export interface OwnedRow {
  id: string
  visibility: Visibility
  deleted_at: number | null
}

/** Those of a kind that a user owns, behind an id; put away ones too where asked. */
export function ownedAfter(
  reader: Reader,
  { table, parent }: ResourceDeclaration,
  place: { userId: string; after: string; limit: number; all: boolean },
): Promise<OwnedRow[]> {
  const some = place.all
    ? sql``
    : sql` and deleted_at is null${parent?.grants === 'copied' ? sql` and ${sql.ref(parent.column)} is null` : sql``}`
  return reader.dynamic(
    raw(sql<OwnedRow>`select id, visibility, deleted_at from ${sql.table(table)}
      where owner_id = ${place.userId} and id > ${place.after}${some} order by id limit ${sql.lit(place.limit)}`),
  )
}

/** Gives it to its new owner; `renamed` where that one has something of this name. */
export async function setOwner(
  tx: Tx,
  { table, nameColumn }: ResourceDeclaration,
  id: string,
  ownerId: string,
  renamed?: { name: string; nameKey: string },
): Promise<void> {
  const name = renamed
    ? sql`, ${sql.ref(nameColumn)} = ${renamed.name}, name_key = ${renamed.nameKey}`
    : sql``
  await tx.runDynamic(
    raw(
      sql`update ${sql.table(table)} set owner_id = ${ownerId}, version = version + 1${name} where id = ${id}`,
    ),
  )
}

/** A new owner needs no grant. */
export const deleteGrantOf = query<{ kind: string; id: string; userId: string }, unknown>((k, p) =>
  k
    .deleteFrom('resource_grant')
    .where('resource_kind', '=', p.kind)
    .where('resource_id', '=', p.id)
    .where('subject_kind', '=', 'user')
    .where('subject_id', '=', p.userId),
)

export const deleteGrantsTo = query<{ userId: string }, unknown>((k, p) =>
  k.deleteFrom('resource_grant').where('subject_kind', '=', 'user').where('subject_id', '=', p.userId),
)

export const deleteMemberships = query<{ userId: string }, unknown>((k, p) =>
  k.deleteFrom('user_group_member').where('user_id', '=', p.userId),
)

export const deleteIdentitiesOfUser = query<{ userId: string }, unknown>((k, p) =>
  k.deleteFrom('user_identity').where('user_id', '=', p.userId),
)

export const deleteAvatarsOf = query<{ userId: string }, unknown>((k, p) =>
  k.deleteFrom('user_avatar').where('user_id', '=', p.userId),
)

export const openKeyIds = query<{ userId: string }, { id: string; name: string }>((k, p) =>
  k
    .selectFrom('api_key')
    .select(['id', 'name'])
    .where('user_id', '=', p.userId)
    .where('ended_at', 'is', null),
)

type Grave = Pick<
  UserRow,
  'id' | 'version' | 'mail' | 'mail_key' | 'role' | 'disabled_at' | 'updated_at' | 'kind'
>

/** Compare and set by version: the row stays for its name, everything else of the person goes. */
export const buryUser = query<Grave, unknown>((k, p) =>
  k
    .updateTable('user_account')
    .set({
      mail: p.mail,
      mail_key: p.mail_key,
      role: p.role,
      kind: p.kind,
      password_hash: null,
      avatar: null,
      owner_group_id: null,
      disabled_at: p.disabled_at,
      updated_at: p.updated_at,
      version: sql<number>`version + 1`,
    })
    .where('id', '=', p.id)
    .where('version', '=', p.version)
    .where('kind', '<>', 'deleted'),
)

export const insertDeletion = query<UserDeletionRow, unknown>((k, p) =>
  k.insertInto('user_deletion').values({
    user_id: p.user_id,
    owned: p.owned,
    heir_id: p.heir_id,
    state: p.state,
    done: p.done,
    total: p.total,
    kept: p.kept,
    created_at: p.created_at,
  }),
)

export const deletionOf = query<{ userId: string }, UserDeletionRow>((k, p) =>
  k.selectFrom('user_deletion').selectAll().where('user_id', '=', p.userId),
)

export const setDeletion = query<Pick<UserDeletionRow, 'user_id' | 'state' | 'done' | 'kept'>, unknown>(
  (k, p) =>
    k
      .updateTable('user_deletion')
      .set({ state: p.state, done: p.done, kept: p.kept })
      .where('user_id', '=', p.user_id),
)

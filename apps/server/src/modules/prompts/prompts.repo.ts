import { type Reader, defineQuery } from '../../platform/db/index.ts'
import { type Asked, askedOf } from '../../platform/search/index.ts'
import { type VisibleParams, visibleTo } from '../auth/index.ts'
import type { PromptRow, PromptTables } from './prompts.tables.ts'

const query = defineQuery<PromptTables>()

export const searchKind = 'prompt'
/** What may be shared is found under no owner: who sees it is asked of the prompt itself. */
export const searchOwner = ''

/** The last character that sorts behind any continuation of a word. */
const behind = '\u{10ffff}'

export interface Wanted {
  /** Every word has to be there; the last may be cut short. */
  search: string | undefined
  label: 'production' | 'none' | undefined
}

type Below = { at: number; id: string; limit: number }

/** Prompts that the actor may see, the last changed first, below a cursor. */
export function listPromptRows(
  reader: Reader,
  p: VisibleParams & Below,
  wanted: Wanted,
): Promise<PromptRow[]> {
  const asked = wanted.search === undefined ? [] : askedOf(wanted.search)
  if (wanted.search !== undefined && asked.length === 0) return Promise.resolve([])
  return reader.dynamic<PromptTables, PromptRow>((k) => {
    const holding = ({ token, prefix }: Asked) => {
      const tokens = k
        .selectFrom('search_token')
        .select('resource_id')
        .where('kind', '=', searchKind)
        .where('owner_id', '=', searchOwner)
      return prefix
        ? tokens.where('token', '>=', token).where('token', '<=', `${token}${behind}`)
        : tokens.where('token', '=', token)
    }
    const labelled = k.selectFrom('prompt_label').select('prompt_id').where('label', '=', 'production')
    const visible = k
      .selectFrom('prompt')
      .selectAll()
      .where('deleted_at', 'is', null)
      .where((eb) => visibleTo(eb, p, 'prompt', 'prompt'))
      .where('updated_at', '<=', p.at)
      .where((eb) => eb.or([eb('updated_at', '<', p.at), eb('id', '<', p.id)]))
      .$if(wanted.label === 'production', (q) => q.where('id', 'in', labelled))
      .$if(wanted.label === 'none', (q) => q.where('id', 'not in', labelled))
    return asked
      .reduce((found, one) => found.where('id', 'in', holding(one)), visible)
      .orderBy('updated_at', 'desc')
      .orderBy('id', 'desc')
      .limit(p.limit)
  })
}

export const promptById = query<{ id: string }, PromptRow>((k, p) =>
  k.selectFrom('prompt').selectAll().where('id', '=', p.id),
)

export const promptByNameKey = query<{ name_key: string }, PromptRow>((k, p) =>
  k.selectFrom('prompt').selectAll().where('name_key', '=', p.name_key).where('deleted_at', 'is', null),
)

/** Keys of names that begin alike. */
export const nameKeysBetween = query<{ from: string; to: string }, { name_key: string }>((k, p) =>
  k.selectFrom('prompt').select('name_key').where('name_key', '>=', p.from).where('name_key', '<=', p.to),
)

export const insertPromptRow = query<PromptRow, unknown>((k, p) =>
  k.insertInto('prompt').values({
    id: p.id,
    owner_id: p.owner_id,
    visibility: p.visibility,
    version: p.version,
    created_at: p.created_at,
    updated_at: p.updated_at,
    deleted_at: p.deleted_at,
    name: p.name,
    name_key: p.name_key,
    description: p.description,
    folder: p.folder,
    newest: p.newest,
  }),
)

/** Compare-and-set by version. */
export const updatePromptRow = query<
  Pick<
    PromptRow,
    'id' | 'version' | 'visibility' | 'name' | 'name_key' | 'description' | 'folder' | 'updated_at'
  >,
  unknown
>((k, p) =>
  k
    .updateTable('prompt')
    .set((eb) => ({
      version: eb('version', '+', 1),
      visibility: p.visibility,
      name: p.name,
      name_key: p.name_key,
      description: p.description,
      folder: p.folder,
      updated_at: p.updated_at,
    }))
    .where('id', '=', p.id)
    .where('version', '=', p.version)
    .where('deleted_at', 'is', null),
)

export const markPromptDeleted = query<
  Pick<PromptRow, 'id' | 'name' | 'name_key' | 'deleted_at' | 'updated_at'>,
  unknown
>((k, p) =>
  k
    .updateTable('prompt')
    .set((eb) => ({
      version: eb('version', '+', 1),
      name: p.name,
      name_key: p.name_key,
      deleted_at: p.deleted_at,
      updated_at: p.updated_at,
    }))
    .where('id', '=', p.id),
)

/** Compare-and-set by the newest version that the writer has seen. */
export const setNewest = query<{ id: string; seen: number; newest: number; updated_at: number }, unknown>(
  (k, p) =>
    k
      .updateTable('prompt')
      .set({ newest: p.newest, updated_at: p.updated_at })
      .where('id', '=', p.id)
      .where('newest', '=', p.seen)
      .where('deleted_at', 'is', null),
)

/** Holds the row until the transaction ends, so that what is checked of its versions stays true. */
export const touchPrompt = query<{ id: string; updated_at: number }, unknown>((k, p) =>
  k.updateTable('prompt').set({ updated_at: p.updated_at }).where('id', '=', p.id),
)

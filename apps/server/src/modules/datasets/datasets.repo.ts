import type { Visibility } from '@anneal/contract'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { type Parameters, defineQuery } from '../../platform/db/index.ts'
import { type VisibleParams, visibleTo } from '../auth/index.ts'

export interface DatasetRow {
  id: string
  owner_id: string
  visibility: Visibility
  version: number
  created_at: number
  updated_at: number
  deleted_at: number | null
  name: string
  name_key: string
  is_sample: number
  version_id: string
}

export interface VersionRow {
  id: string
  dataset_id: string
  number: number
  file_id: string
  node_id: string
  bytes: number
  sha256: string
  created_at: number
}

export interface CheckRow {
  version_id: string
  state: string
  progress: number
  error: string | null
  format: string | null
  row_count: number
  bad_count: number
  reasons: string
  index_file_id: string | null
  checked_at: number | null
}

export interface BadRowRow {
  version_id: string
  row_no: number
  reason: string
  params: string
  excerpt: string
}

/** A dataset with its newest version and what the check of that found. */
export type FullDataset = DatasetRow &
  Pick<VersionRow, 'number' | 'file_id' | 'node_id' | 'bytes'> &
  Omit<CheckRow, 'version_id'>

interface DatasetTables {
  dataset: DatasetRow
  dataset_version: VersionRow
  dataset_check: CheckRow
  dataset_bad_row: BadRowRow
}

const query = defineQuery<DatasetTables>()

const full = (k: Kysely<DatasetTables>) =>
  k
    .selectFrom('dataset')
    .innerJoin('dataset_version', 'dataset_version.id', 'dataset.version_id')
    .innerJoin('dataset_check', 'dataset_check.version_id', 'dataset.version_id')
    .selectAll('dataset')
    .select([
      'dataset_version.number',
      'dataset_version.file_id',
      'dataset_version.node_id',
      'dataset_version.bytes',
      'dataset_check.state',
      'dataset_check.progress',
      'dataset_check.error',
      'dataset_check.format',
      'dataset_check.row_count',
      'dataset_check.bad_count',
      'dataset_check.reasons',
      'dataset_check.index_file_id',
      'dataset_check.checked_at',
    ])

type Below = { at: number; id: string; limit: number }

const visibleBelow = (k: Kysely<DatasetTables>, p: Parameters<VisibleParams & Below>) =>
  full(k)
    .where('dataset.deleted_at', 'is', null)
    .where((eb) => visibleTo(eb, p, 'dataset', 'dataset'))
    .where('dataset.created_at', '<=', p.at)
    .where((eb) => eb.or([eb('dataset.created_at', '<', p.at), eb('dataset.id', '<', p.id)]))
    .orderBy('dataset.created_at', 'desc')
    .orderBy('dataset.id', 'desc')
    .limit(p.limit)

export const listDatasetRows = query<VisibleParams & Below, FullDataset>((k, p) => visibleBelow(k, p))

/** What a list is narrowed to; each is the empty text where it is not. `pattern` is lower-cased and escaped by `!`. */
type Filter = { pattern: string; state: string; format: string }

export const filteredDatasetRows = query<VisibleParams & Below & Filter, FullDataset>((k, p) =>
  visibleBelow(k, p)
    .where(sql<boolean>`(${p.pattern} = '' or dataset.name_key like ${p.pattern} escape '!')`)
    .where(sql<boolean>`(${p.state} = '' or dataset_check.state = ${p.state})`)
    .where(sql<boolean>`(${p.format} = '' or dataset_check.format = ${p.format})`),
)

export const datasetById = query<{ id: string }, FullDataset>((k, p) =>
  full(k).where('dataset.id', '=', p.id),
)

/** Names of an owner that begin alike. */
export const nameKeysLike = query<{ owner_id: string; pattern: string }, { name_key: string }>((k, p) =>
  k
    .selectFrom('dataset')
    .select('name_key')
    .where('owner_id', '=', p.owner_id)
    .where(sql<boolean>`name_key like ${p.pattern} escape '!'`),
)

export const insertDatasetRow = query<DatasetRow, unknown>((k, p) =>
  k.insertInto('dataset').values({
    id: p.id,
    owner_id: p.owner_id,
    visibility: p.visibility,
    version: p.version,
    created_at: p.created_at,
    updated_at: p.updated_at,
    deleted_at: p.deleted_at,
    name: p.name,
    name_key: p.name_key,
    is_sample: p.is_sample,
    version_id: p.version_id,
  }),
)

export const insertVersionRow = query<VersionRow, unknown>((k, p) =>
  k.insertInto('dataset_version').values({
    id: p.id,
    dataset_id: p.dataset_id,
    number: p.number,
    file_id: p.file_id,
    node_id: p.node_id,
    bytes: p.bytes,
    sha256: p.sha256,
    created_at: p.created_at,
  }),
)

export const insertCheckRow = query<CheckRow, unknown>((k, p) =>
  k.insertInto('dataset_check').values({
    version_id: p.version_id,
    state: p.state,
    progress: p.progress,
    error: p.error,
    format: p.format,
    row_count: p.row_count,
    bad_count: p.bad_count,
    reasons: p.reasons,
    index_file_id: p.index_file_id,
    checked_at: p.checked_at,
  }),
)

/** Compare-and-set by version. */
export const updateDatasetRow = query<
  Pick<DatasetRow, 'id' | 'version' | 'visibility' | 'name' | 'name_key' | 'updated_at'>,
  unknown
>((k, p) =>
  k
    .updateTable('dataset')
    .set((eb) => ({
      version: eb('version', '+', 1),
      visibility: p.visibility,
      name: p.name,
      name_key: p.name_key,
      updated_at: p.updated_at,
    }))
    .where('id', '=', p.id)
    .where('version', '=', p.version)
    .where('deleted_at', 'is', null),
)

export const markDatasetDeleted = query<
  Pick<DatasetRow, 'id' | 'name' | 'name_key' | 'deleted_at' | 'updated_at'>,
  unknown
>((k, p) =>
  k
    .updateTable('dataset')
    .set((eb) => ({
      version: eb('version', '+', 1),
      name: p.name,
      name_key: p.name_key,
      deleted_at: p.deleted_at,
      updated_at: p.updated_at,
    }))
    .where('id', '=', p.id),
)

/** A check begins or goes on; what the last one found stays until this one ends. */
export const setCheckProgress = query<{ version_id: string; progress: number }, unknown>((k, p) =>
  k
    .updateTable('dataset_check')
    .set({ state: 'checking', progress: p.progress })
    .where('version_id', '=', p.version_id),
)

export const endCheck = query<CheckRow, unknown>((k, p) =>
  k
    .updateTable('dataset_check')
    .set({
      state: p.state,
      progress: p.progress,
      error: p.error,
      format: p.format,
      row_count: p.row_count,
      bad_count: p.bad_count,
      reasons: p.reasons,
      index_file_id: p.index_file_id,
      checked_at: p.checked_at,
    })
    .where('version_id', '=', p.version_id),
)

export const failCheck = query<{ version_id: string; error: string }, unknown>((k, p) =>
  k
    .updateTable('dataset_check')
    .set({ state: 'failed', progress: 1, error: p.error })
    .where('version_id', '=', p.version_id),
)

export const removeBadRows = query<{ version_id: string }, unknown>((k, p) =>
  k.deleteFrom('dataset_bad_row').where('version_id', '=', p.version_id),
)

export const insertBadRow = query<BadRowRow, unknown>((k, p) =>
  k.insertInto('dataset_bad_row').values({
    version_id: p.version_id,
    row_no: p.row_no,
    reason: p.reason,
    params: p.params,
    excerpt: p.excerpt,
  }),
)

export const badRowsAfter = query<{ version_id: string; after: number; limit: number }, BadRowRow>((k, p) =>
  k
    .selectFrom('dataset_bad_row')
    .selectAll()
    .where('version_id', '=', p.version_id)
    .where('row_no', '>', p.after)
    .orderBy('row_no')
    .limit(p.limit),
)

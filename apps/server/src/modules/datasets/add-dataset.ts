import type { Visibility } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import type { StoredFile } from '../../platform/files/index.ts'
import { newId } from '../../platform/ids.ts'
import { beginningWith, freeName, nameKey, withFreeName } from '../../platform/names/index.ts'
import { write } from '../../platform/write.ts'
import { actorUserId } from '../auth/index.ts'
import { enqueueCheck } from './datasets.jobs.ts'
import {
  type CheckRow,
  type DatasetRow,
  type VersionRow,
  insertCheckRow,
  insertDatasetRow,
  insertVersionRow,
  nameKeysLike,
} from './datasets.repo.ts'
import { type DatasetView, viewOf } from './present.ts'

interface Added {
  name: string
  visibility: Visibility
  file: StoredFile
  isSample: boolean
}

const numbered = { longest: 200, between: ' ' }

/** The name, with a number where the owner has one of it already. */
export async function freeNameOf(reader: Reader, ownerId: string, name: string): Promise<string> {
  const pattern = beginningWith(name.slice(0, 190))
  const taken = await reader.all(nameKeysLike, { owner_id: ownerId, pattern })
  return freeName(name, new Set(taken.map((row) => row.name_key)), numbered)
}

const unchecked = (versionId: string): CheckRow => ({
  version_id: versionId,
  state: 'checking',
  progress: 0,
  error: null,
  format: null,
  row_count: 0,
  bad_count: 0,
  reasons: '[]',
  index_file_id: null,
  checked_at: null,
})

function rowsOf(ctx: Context, added: Added): { dataset: DatasetRow; version: VersionRow } {
  const now = ctx.platform.clock.now()
  const id = newId()
  const version: VersionRow = {
    id: newId(),
    dataset_id: id,
    number: 1,
    file_id: added.file.id,
    node_id: ctx.platform.nodes.self.id,
    bytes: added.file.bytes,
    sha256: added.file.sha256,
    created_at: now,
  }
  const dataset: DatasetRow = {
    id,
    owner_id: actorUserId(ctx.actor),
    visibility: added.visibility,
    version: 1,
    created_at: now,
    updated_at: now,
    deleted_at: null,
    name: added.name,
    name_key: nameKey(added.name),
    is_sample: added.isSample ? 1 : 0,
    version_id: version.id,
  }
  return { dataset, version }
}

async function insert(ctx: Context, added: Added): Promise<DatasetView> {
  const { dataset, version } = rowsOf(ctx, added)
  return write(ctx, async (tx) => {
    const name = await freeNameOf(tx, dataset.owner_id, added.name)
    const row = { ...dataset, name, name_key: nameKey(name) }
    const check = unchecked(version.id)
    await tx.run(insertDatasetRow, row)
    await tx.run(insertVersionRow, version)
    await tx.run(insertCheckRow, check)
    const { id, owner_id: ownerId, visibility } = row
    await enqueueCheck(ctx, tx, { id, ownerId, versionId: version.id, nodeId: version.node_id })
    const action = added.isSample ? 'dataset.sample-added' : 'dataset.uploaded'
    tx.audit(action, { kind: 'dataset', id }, { name, bytes: version.bytes, sha256: version.sha256 })
    tx.emit({ kind: 'dataset', id, change: 'created', ownerId, visibility })
    return viewOf(ctx, tx, { ...version, ...check, ...row })
  })
}

/** Makes a dataset of a stored file and has it checked; without a dataset the file is removed. */
export async function addDataset(ctx: Context, added: Added): Promise<DatasetView> {
  try {
    return await withFreeName(() => insert(ctx, added))
  } catch (error) {
    await ctx.platform.files.remove(added.file.id)
    throw error
  }
}

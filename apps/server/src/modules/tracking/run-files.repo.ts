import { defineQuery, upsert } from '../../platform/db/index.ts'

/** A file of a run: a medium, or one that its script saved. `file_id` is null until its bytes have arrived. */
export interface RunFileRow {
  id: string
  run_id: string
  kind: 'media' | 'saved'
  /** Where it lay in the run's folder; of any length, so that it is found by its hash. */
  path: string
  path_hash: string
  file_id: string | null
  bytes: number | null
  content_type: string
  md5: string | null
  state: 'expected' | 'stored' | 'failed'
  created_at: number
}

/** A large file that comes in parts. */
export interface UploadRow {
  id: string
  run_file_id: string
  parts: number
  bytes: number
  created_at: number
}

export interface PartRow {
  upload_id: string
  part_number: number
  file_id: string
  bytes: number
}

interface FileTables {
  tracked_file: RunFileRow
  tracked_upload: UploadRow
  tracked_upload_part: PartRow
}

const query = defineQuery<FileTables>()

/** One that is there already stays as it is, until new bytes arrive for it. */
export const expectFile = query<RunFileRow, unknown>((k, p, dialect) =>
  upsert(
    dialect,
    k,
    'tracked_file',
    {
      id: p.id,
      run_id: p.run_id,
      kind: p.kind,
      path: p.path,
      path_hash: p.path_hash,
      file_id: p.file_id,
      bytes: p.bytes,
      content_type: p.content_type,
      md5: p.md5,
      state: p.state,
      created_at: p.created_at,
    },
    ['run_id', 'path_hash'],
    [],
  ),
)

export const fileByPath = query<{ run_id: string; path_hash: string }, RunFileRow>((k, p) =>
  k
    .selectFrom('tracked_file')
    .selectAll()
    .where('run_id', '=', p.run_id)
    .where('path_hash', '=', p.path_hash),
)

export const runFileById = query<{ id: string }, RunFileRow>((k, p) =>
  k.selectFrom('tracked_file').selectAll().where('id', '=', p.id),
)

export const storeBytes = query<Pick<RunFileRow, 'id' | 'file_id' | 'bytes'>, unknown>((k, p) =>
  k
    .updateTable('tracked_file')
    .set({ file_id: p.file_id, bytes: p.bytes, state: 'stored' })
    .where('id', '=', p.id),
)

/** An upload that failed on the other side; what had arrived before stays. */
export const markFailed = query<{ id: string }, unknown>((k, p) =>
  k.updateTable('tracked_file').set({ state: 'failed' }).where('id', '=', p.id).where('file_id', 'is', null),
)

export const savedFiles = query<{ run_id: string; at: number; before: string; limit: number }, RunFileRow>(
  (k, p) =>
    k
      .selectFrom('tracked_file')
      .selectAll()
      .where('run_id', '=', p.run_id)
      .where('kind', '=', 'saved')
      .where((eb) =>
        eb.or([eb('created_at', '<', p.at), eb.and([eb('created_at', '=', p.at), eb('id', '<', p.before)])]),
      )
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(p.limit),
)

export const filesOfRun = query<{ run_id: string; limit: number }, Pick<RunFileRow, 'id' | 'file_id'>>(
  (k, p) =>
    k.selectFrom('tracked_file').select(['id', 'file_id']).where('run_id', '=', p.run_id).limit(p.limit),
)

export const deleteRunFile = query<{ id: string }, unknown>((k, p) =>
  k.deleteFrom('tracked_file').where('id', '=', p.id),
)

export const insertUpload = query<UploadRow, unknown>((k, p) =>
  k.insertInto('tracked_upload').values({
    id: p.id,
    run_file_id: p.run_file_id,
    parts: p.parts,
    bytes: p.bytes,
    created_at: p.created_at,
  }),
)

export const uploadById = query<{ id: string }, UploadRow>((k, p) =>
  k.selectFrom('tracked_upload').selectAll().where('id', '=', p.id),
)

export const uploadsBefore = query<{ before: number }, UploadRow>((k, p) =>
  k.selectFrom('tracked_upload').selectAll().where('created_at', '<', p.before).limit(100),
)

export const deleteUpload = query<{ id: string }, unknown>((k, p) =>
  k.deleteFrom('tracked_upload').where('id', '=', p.id),
)

export const partAt = query<{ upload_id: string; part_number: number }, PartRow>((k, p) =>
  k
    .selectFrom('tracked_upload_part')
    .selectAll()
    .where('upload_id', '=', p.upload_id)
    .where('part_number', '=', p.part_number),
)

export const storePart = query<PartRow, unknown>((k, p, dialect) =>
  upsert(
    dialect,
    k,
    'tracked_upload_part',
    { upload_id: p.upload_id, part_number: p.part_number, file_id: p.file_id, bytes: p.bytes },
    ['upload_id', 'part_number'],
    ['file_id', 'bytes'],
  ),
)

export const partsOf = query<{ upload_id: string }, PartRow>((k, p) =>
  k.selectFrom('tracked_upload_part').selectAll().where('upload_id', '=', p.upload_id).orderBy('part_number'),
)

export const deleteParts = query<{ upload_id: string }, unknown>((k, p) =>
  k.deleteFrom('tracked_upload_part').where('upload_id', '=', p.upload_id),
)

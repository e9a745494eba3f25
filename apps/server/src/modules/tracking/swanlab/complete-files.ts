import { Readable } from 'node:stream'
import type { Context } from '../../../platform/context.ts'
import type { HandlerIo } from '../../../platform/http/index.ts'
import { write } from '../../../platform/write.ts'
import { noteMedia } from '../media-marks.ts'
import { hashOfPath } from '../path-hash.ts'
import {
  type PartRow,
  type UploadRow,
  deleteParts,
  deleteUpload,
  fileByPath,
  markFailed,
  partsOf,
  runFileById,
  storeBytes,
  uploadById,
  uploadsBefore,
} from '../run-files.repo.ts'
import { AppError } from '../../../platform/errors.ts'
import { listOf, objectOf, textOf } from './parse.ts'
import { runPath, writableRun } from './presign.ts'

const unaudited = { unaudited: 'data of a run is not audited' }

/** The script says which files have arrived; what is stored is known already, so only failures say something new. */
export async function completeFiles(
  ctx: Context,
  io: HandlerIo,
  cuid: string,
  body: unknown,
): Promise<Record<string, never>> {
  const known = await writableRun(ctx, io, cuid)
  if (!known) return {}
  const failed = listOf(objectOf(body)['files'])
    .map(objectOf)
    .filter((file) => file['state'] === 'FAILED')
    .map((file) => runPath(file['path']))
    .filter((path) => path !== null)
  await write(
    known.sender,
    async (tx) => {
      for (const path of failed) {
        const row = await tx.first(fileByPath, { run_id: known.run.id, path_hash: hashOfPath(path) })
        if (row) await tx.run(markFailed, { id: row.id })
      }
    },
    unaudited,
  )
  noteMedia(ctx.platform, known.run)
  return {}
}

async function* bytesOf(ctx: Context, parts: readonly PartRow[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield* (await ctx.platform.files.open(part.file_id)) as AsyncIterable<Buffer>
}

async function forget(ctx: Context, upload: UploadRow, parts: readonly PartRow[]): Promise<void> {
  await write(
    ctx,
    async (tx) => {
      await tx.run(deleteParts, { upload_id: upload.id })
      await tx.run(deleteUpload, { id: upload.id })
    },
    unaudited,
  )
  for (const part of parts) await ctx.platform.files.remove(part.file_id)
}

async function join(ctx: Context, upload: UploadRow): Promise<void> {
  const { db, files } = ctx.platform
  const parts = await db.read.all(partsOf, { upload_id: upload.id })
  const total = parts.reduce((sum, part) => sum + Number(part.bytes), 0)
  if (parts.length !== upload.parts || total !== Number(upload.bytes))
    throw new AppError('tracking.parts-missing', { arrived: parts.length, expected: upload.parts })
  const stored = await files.put(Readable.from(bytesOf(ctx, parts)))
  const before = await write(
    ctx,
    async (tx) => {
      const present = await tx.first(runFileById, { id: upload.run_file_id })
      await tx.run(storeBytes, { id: upload.run_file_id, file_id: stored.id, bytes: stored.bytes })
      return present?.file_id ?? null
    },
    unaudited,
  )
  if (before !== null) await files.remove(before)
  await forget(ctx, upload, parts)
}

/** Puts the parts together. One that was put together already is content: the call may come twice. */
export async function completeMultipart(
  ctx: Context,
  io: HandlerIo,
  cuid: string,
  body: unknown,
): Promise<Record<string, never>> {
  const known = await writableRun(ctx, io, cuid)
  if (!known) return {}
  for (const file of listOf(objectOf(body)['files']).map(objectOf)) {
    const { read } = ctx.platform.db
    const upload = await read.first(uploadById, { id: textOf(file['uploadId'], 100) })
    const target = upload && (await read.first(runFileById, { id: upload.run_file_id }))
    if (upload && target?.run_id === known.run.id) await join(known.sender, upload)
  }
  noteMedia(ctx.platform, known.run)
  return {}
}

const uploadMs = 24 * 60 * 60 * 1000

/** Removes the parts of uploads that were never put together. */
export async function forgetOldUploads(ctx: Context): Promise<void> {
  const { db, clock } = ctx.platform
  for (const upload of await db.read.all(uploadsBefore, { before: clock.now() - uploadMs })) {
    await forget(ctx, upload, await db.read.all(partsOf, { upload_id: upload.id }))
  }
}

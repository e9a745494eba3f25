import type { Readable } from 'node:stream'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { type StoredFile, checkLink } from '../../../platform/files/index.ts'
import { type FileReply, type HandlerIo, byteRange, fileReply } from '../../../platform/http/index.ts'
import { write } from '../../../platform/write.ts'
import { fileName, safeContentType } from '../content-type.ts'
import { noteMedia } from '../media-marks.ts'
import { partAt, runFileById, storeBytes, storePart, uploadById } from '../run-files.repo.ts'
import { runById } from '../tracking.repo.ts'
import { droppedObject } from './presign.ts'

const unaudited = { unaudited: 'data of a run is not audited' }

/** How many bytes the link lets in. Throws `platform.link-ended`. */
function opened(ctx: Context, io: HandlerIo, method: 'GET' | 'PUT', path: string): number {
  const { secrets, clock } = ctx.platform
  return checkLink(secrets, { method, path }, io.query, clock.now())
}

async function drain(body: Readable): Promise<void> {
  for await (const _ of body) {
    /* Read to its end, so that the sender is content. */
  }
}

/** What S3 calls an ETag: the hash of what was stored. */
function answer(io: HandlerIo, stored: StoredFile | null): Record<string, never> {
  io.setHeader('etag', `"${stored?.sha256 ?? droppedObject}"`)
  return {}
}

/** Takes a medium or a saved file. What it replaces is removed once the new one is stored. */
export async function putObject(ctx: Context, io: HandlerIo, id: string): Promise<Record<string, never>> {
  const limitBytes = opened(ctx, io, 'PUT', `/api/objects/${id}`)
  const { platform } = ctx
  const row = id === droppedObject ? undefined : await platform.db.read.first(runFileById, { id })
  if (!row) {
    await drain(io.body)
    return answer(io, null)
  }
  const stored = await platform.files.put(io.body, { limitBytes })
  const before = await write(
    ctx,
    async (tx) => {
      const present = await tx.first(runFileById, { id })
      await tx.run(storeBytes, { id, file_id: stored.id, bytes: stored.bytes })
      return present?.file_id ?? null
    },
    unaudited,
  )
  if (before !== null) await platform.files.remove(before)
  const run = await platform.db.read.first(runById, { id: row.run_id })
  if (run) noteMedia(platform, run)
  return answer(io, stored)
}

/** Takes one part of a large file; a part that comes again replaces the earlier one. */
export async function putPart(
  ctx: Context,
  io: HandlerIo,
  id: string,
  part: number,
): Promise<Record<string, never>> {
  const limitBytes = opened(ctx, io, 'PUT', `/api/objects/${id}/parts/${part}`)
  const { platform } = ctx
  const upload = id === droppedObject ? undefined : await platform.db.read.first(uploadById, { id })
  if (!upload || part > upload.parts) {
    await drain(io.body)
    return answer(io, null)
  }
  const stored = await platform.files.put(io.body, { limitBytes })
  const at = { upload_id: id, part_number: part }
  const before = await write(
    ctx,
    async (tx) => {
      const present = await tx.first(partAt, at)
      await tx.run(storePart, { ...at, file_id: stored.id, bytes: stored.bytes })
      return present?.file_id ?? null
    },
    unaudited,
  )
  if (before !== null) await platform.files.remove(before)
  return answer(io, stored)
}

/** What a script sent may be anyone's: it is given to be saved, and a browser that opens it runs nothing of it. */
export function guardHeaders(io: HandlerIo): void {
  io.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
  io.setHeader('cross-origin-resource-policy', 'same-origin')
  io.setHeader('x-content-type-options', 'nosniff')
}

/** Gives a medium or a saved file, or a part of it, to whoever holds its link. */
export async function getObject(ctx: Context, io: HandlerIo, id: string): Promise<FileReply> {
  opened(ctx, io, 'GET', `/api/objects/${id}`)
  const row = await ctx.platform.db.read.first(runFileById, { id })
  if (!row?.file_id) throw new AppError('platform.not-found')
  const size = Number(row.bytes)
  const etag = `"${row.file_id}"`
  const condition = io.headers['if-range']
  const range = condition === undefined || condition === etag ? byteRange(io.headers.range, size) : null
  const stream = await ctx.platform.files.open(row.file_id, range ?? {})
  guardHeaders(io)
  io.setHeader('accept-ranges', 'bytes')
  io.setHeader('etag', etag)
  return fileReply({
    stream,
    size,
    range,
    type: safeContentType(row.path),
    name: fileName(row.path),
  })
}

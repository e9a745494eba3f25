import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { signLink } from '../../../platform/files/index.ts'
import type { HandlerIo } from '../../../platform/http/index.ts'
import { newId } from '../../../platform/ids.ts'
import { write } from '../../../platform/write.ts'
import { safeContentType } from '../content-type.ts'
import { hashOfPath } from '../path-hash.ts'
import { type RunFileRow, expectFile, fileByPath, insertUpload } from '../run-files.repo.ts'
import type { TrackedRunRow } from '../tracking.repo.ts'
import { askedOrigin } from './origin.ts'
import { listOf, objectOf, textOf } from './parse.ts'
import { runFor } from './runs.ts'
import { senderOf } from './session.ts'

const MEBIBYTE = 2 ** 20
/** A picture, a sound, a table: what is logged at a step. */
const mediumBytes = 256 * MEBIBYTE
/** A saved file that comes in one piece, or all of its parts. */
const fileBytes = 64 * 1024 * MEBIBYTE
/** The SDK cuts at 32 MiB. */
const partBytes = 64 * MEBIBYTE
const longestPath = 8192
const mostFiles = 10_000

/** Takes what nobody may keep any more: an upload that fails is tried again by some SDK for ever. */
export const droppedObject = 'dropped'

interface Wanted {
  path: string
  bytes: number
  md5: string | null
}

/** A path within the run's folder; anything else is stored under no path at all. */
export function runPath(value: unknown): string | null {
  const path = textOf(value, longestPath + 1)
  const isInside = path !== '' && path.length <= longestPath && !path.split('/').includes('..')
  return isInside && !path.startsWith('/') ? path : null
}

function linkTo(ctx: Context, io: HandlerIo, object: string, bytes: number): string {
  const path = `/api/objects/${object}`
  const link = signLink(ctx.platform.secrets, { method: 'PUT', path, bytes }, ctx.platform.clock.now())
  return askedOrigin(ctx.platform, io.headers.host) + link
}

/** The run that a call about files means; null where its data is dropped. */
export async function writableRun(
  ctx: Context,
  io: HandlerIo,
  cuid: string,
): Promise<{ sender: Context; run: TrackedRunRow } | null> {
  const sender = await senderOf(ctx, io, cuid)
  if (!sender) return null
  try {
    return { sender, run: await runFor(sender, cuid) }
  } catch (error) {
    if (error instanceof AppError && error.status < 500) return null
    throw error
  }
}

async function expect(
  sender: Context,
  run: TrackedRunRow,
  kind: RunFileRow['kind'],
  wanted: readonly Wanted[],
): Promise<RunFileRow[]> {
  const now = sender.platform.clock.now()
  return write(
    sender,
    async (tx) => {
      const rows: RunFileRow[] = []
      for (const { path, bytes, md5 } of wanted) {
        const path_hash = hashOfPath(path)
        const row: RunFileRow = {
          id: newId(),
          run_id: run.id,
          kind,
          path,
          path_hash,
          file_id: null,
          bytes: kind === 'saved' ? bytes : null,
          content_type: safeContentType(path),
          md5,
          state: 'expected',
          created_at: now,
        }
        await tx.run(expectFile, row)
        rows.push((await tx.first(fileByPath, { run_id: run.id, path_hash })) ?? row)
      }
      return rows
    },
    { unaudited: 'data of a run is not audited' },
  )
}

function limitOf(bytes: number): string {
  return bytes >= 1024 * MEBIBYTE ? `${bytes / (1024 * MEBIBYTE)} GB` : `${bytes / MEBIBYTE} MB`
}

function refuseTooMany(count: number): void {
  if (count > mostFiles) throw new AppError('tracking.too-many-files', { limit: mostFiles })
}

/** Links to which media are sent, in the order of their paths. */
export async function presignPut(ctx: Context, io: HandlerIo, body: unknown): Promise<{ urls: string[] }> {
  const given = objectOf(body)
  const paths = listOf(given['paths'])
  refuseTooMany(paths.length)
  const known = await writableRun(ctx, io, textOf(given['experimentId'], 200))
  const dropped = () => linkTo(ctx, io, droppedObject, mediumBytes)
  if (!known) return { urls: paths.map(dropped) }
  const good = paths.map(runPath).filter((path) => path !== null)
  const rows = await expect(
    known.sender,
    known.run,
    'media',
    good.map((path) => ({ path, bytes: mediumBytes, md5: null })),
  )
  const byPath = new Map(rows.map((row) => [row.path, row]))
  return {
    urls: paths.map((path) => {
      const row = byPath.get(runPath(path) ?? '')
      return row ? linkTo(ctx, io, row.id, mediumBytes) : dropped()
    }),
  }
}

/** The files that a script is about to save. Throws `tracking.file-too-large`, before a byte of them is sent. */
function wantedFiles(body: unknown): (Wanted & { count: number })[] {
  const files = listOf(objectOf(body)['files']).map(objectOf)
  refuseTooMany(files.length)
  return files.map((file) => {
    const bytes = Math.max(0, Math.trunc(Number(file['size']) || 0))
    const path = runPath(file['path'])
    if (path === null) throw new AppError('tracking.bad-path', { path: textOf(file['path'], 200) })
    if (bytes > fileBytes) throw new AppError('tracking.file-too-large', { path, limit: limitOf(fileBytes) })
    const count = Math.max(1, Math.trunc(Number(file['count']) || 1))
    if (count > mostFiles) throw new AppError('tracking.file-too-large', { path, limit: limitOf(fileBytes) })
    return { path, bytes, md5: textOf(file['md5'], 32) || null, count }
  })
}

/** Links to which saved files are sent, each with its size. */
export async function prepareFiles(
  ctx: Context,
  io: HandlerIo,
  cuid: string,
  body: unknown,
): Promise<{ urls: string[] }> {
  const wanted = wantedFiles(body)
  const known = await writableRun(ctx, io, cuid)
  if (!known) return { urls: wanted.map(({ bytes }) => linkTo(ctx, io, droppedObject, bytes)) }
  const rows = await expect(known.sender, known.run, 'saved', wanted)
  return { urls: rows.map((row, at) => linkTo(ctx, io, row.id, wanted[at]?.bytes ?? 0)) }
}

interface PreparedUpload {
  uploadId: string
  parts: { partNumber: number; url: string }[]
}

/** Links to which the parts of large files are sent. */
export async function prepareMultipart(
  ctx: Context,
  io: HandlerIo,
  cuid: string,
  body: unknown,
): Promise<{ files: PreparedUpload[] }> {
  const wanted = wantedFiles(body)
  const known = await writableRun(ctx, io, cuid)
  const partsOf = (uploadId: string, count: number): PreparedUpload => ({
    uploadId,
    parts: Array.from({ length: count }, (_, at) => ({
      partNumber: at + 1,
      url: linkTo(ctx, io, `${uploadId}/parts/${at + 1}`, partBytes),
    })),
  })
  if (!known) return { files: wanted.map(({ count }) => partsOf(droppedObject, count)) }
  const rows = await expect(known.sender, known.run, 'saved', wanted)
  const uploads = rows.map((row, at) => ({
    id: newId(),
    run_file_id: row.id,
    parts: wanted[at]?.count ?? 1,
    bytes: wanted[at]?.bytes ?? 0,
    created_at: ctx.platform.clock.now(),
  }))
  await write(
    known.sender,
    async (tx) => {
      for (const upload of uploads) await tx.run(insertUpload, upload)
    },
    { unaudited: 'data of a run is not audited' },
  )
  return { files: uploads.map(({ id, parts }) => partsOf(id, parts)) }
}

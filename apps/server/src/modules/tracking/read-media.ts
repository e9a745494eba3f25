import { text } from 'node:stream/consumers'
import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { decodeCursor, toPage } from '../../platform/cursor.ts'
import { fromJson } from '../../platform/db/index.ts'
import { signLink } from '../../platform/files/index.ts'
import { fileName } from './content-type.ts'
import { readableRun } from './live-points.ts'
import { type MediaKind, kindOfPath, mediaKindOf } from './media-kind.ts'
import { type MediaRow, definitionsOf, mediaHeads, mediaSteps, mediaUpTo } from './media.repo.ts'
import { hashOfPath } from './path-hash.ts'
import { type RunFileRow, fileByPath, savedFiles } from './run-files.repo.ts'
import type { TrackedRunRow } from './tracking.repo.ts'

type MediaItem = RouteReply<'tracking.media'>['items'][number]

const mostSteps = 10_000
/** What a page shows of a text; the whole is behind its link. */
const shownText = 64 * 1024
/** Charts and tables are drawn whole or not at all. */
const drawnText = 4 * 2 ** 20
const textLimit: Partial<Record<MediaKind, number>> = { TEXT: shownText, ECHARTS: drawnText }

/** A link to a stored file, for an hour; null for one whose bytes have not arrived. */
export function fileLink(ctx: Context, file: RunFileRow | undefined): string | null {
  if (!file?.file_id) return null
  const path = `/api/objects/${file.id}`
  return signLink(ctx.platform.secrets, { method: 'GET', path }, ctx.platform.clock.now())
}

async function declaredTypes(ctx: Context, run: TrackedRunRow): Promise<Map<string, string>> {
  const rows = await ctx.platform.db.read.all(definitionsOf, { project_id: run.project_id })
  return new Map(rows.map((row) => [row.series_key, row.type]))
}

/** What a run logged beside numbers, by key. */
export async function listMediaSeries(
  ctx: Context,
  runId: string,
): Promise<RouteReply<'tracking.mediaSeries'>> {
  const run = await readableRun(ctx, runId)
  const { read } = ctx.platform.db
  const declared = await declaredTypes(ctx, run)
  const heads = await read.all(mediaHeads, { run_id: run.id })
  const items = heads.map(async (head) => {
    const at = { run_id: run.id, key: head.series_key, step: Number(head.last_step) }
    const newest = await read.first(mediaUpTo, at)
    const paths = newest ? fromJson<string[]>(newest.data) : []
    return {
      key: head.series_key,
      kind: mediaKindOf(paths, declared.get(head.series_key)),
      steps: Number(head.steps),
      firstStep: Number(head.first_step),
      lastStep: Number(head.last_step),
    }
  })
  return { items: await Promise.all(items) }
}

async function storedText(ctx: Context, file: RunFileRow, limit: number): Promise<string | null> {
  if (!file.file_id || (limit === drawnText && Number(file.bytes) > limit)) return null
  const stream = await ctx.platform.files.open(file.file_id, { start: 0, end: limit - 1 })
  return text(stream)
}

function captionOf(more: unknown): string | null {
  if (typeof more !== 'object' || more === null || !('caption' in more)) return null
  return typeof more.caption === 'string' ? more.caption : null
}

async function present(
  ctx: Context,
  run: TrackedRunRow,
  kind: MediaKind,
  data: string,
  more: unknown,
): Promise<MediaItem> {
  const caption = captionOf(more)
  const file = await ctx.platform.db.read.first(fileByPath, { run_id: run.id, path_hash: hashOfPath(data) })
  if (!file) {
    const isText = kindOfPath(data) === null
    const rest = { url: null, contentType: null, bytes: null }
    return isText
      ? { caption, text: data, name: null, ...rest }
      : { caption, text: null, name: fileName(data), ...rest }
  }
  const limit = textLimit[kind]
  return {
    caption,
    text: limit === undefined ? null : await storedText(ctx, file, limit),
    url: fileLink(ctx, file),
    name: fileName(file.path),
    contentType: file.content_type,
    bytes: file.bytes === null ? null : Number(file.bytes),
  }
}

async function presentAll(
  ctx: Context,
  run: TrackedRunRow,
  kind: MediaKind,
  row: MediaRow,
): Promise<MediaItem[]> {
  const more = fromJson<unknown[]>(row.more)
  return Promise.all(fromJson<string[]>(row.data).map((data, at) => present(ctx, run, kind, data, more[at])))
}

/** What one key holds at a step, and the steps that there are: none for a key that nothing was logged under. */
export async function readMedia(
  ctx: Context,
  runId: string,
  { key, step }: RouteHandlerInput<'tracking.media'>['query'],
): Promise<RouteReply<'tracking.media'>> {
  const run = await readableRun(ctx, runId)
  const { read } = ctx.platform.db
  const steps = await read.all(mediaSteps, { run_id: run.id, key, limit: mostSteps })
  const row = await read.first(mediaUpTo, { run_id: run.id, key, step: step ?? Number.MAX_SAFE_INTEGER })
  const declared = (await declaredTypes(ctx, run)).get(key)
  const kind = mediaKindOf(row ? fromJson<string[]>(row.data) : [], declared)
  return {
    key,
    kind,
    step: row ? Number(row.step) : null,
    steps: steps.map((one) => Number(one.step)),
    items: row ? await presentAll(ctx, run, kind, row) : [],
  }
}

/** The files that a run saved, newest first. */
export async function listFiles(
  ctx: Context,
  runId: string,
  page: RouteHandlerInput<'tracking.files'>['query'],
): Promise<RouteReply<'tracking.files'>> {
  const run = await readableRun(ctx, runId)
  const { at, id: before } = decodeCursor(page.cursor)
  const wanted = { run_id: run.id, at, before, limit: page.limit + 1 }
  const rows = await ctx.platform.db.read.all(savedFiles, wanted)
  return toPage(
    rows,
    page.limit,
    (row) => ({ at: Number(row.created_at), id: row.id }),
    (row) => ({
      id: row.id,
      path: row.path,
      bytes: row.bytes === null ? null : Number(row.bytes),
      contentType: row.content_type,
      state: row.file_id ? ('stored' as const) : row.state,
      url: fileLink(ctx, row),
      createdAt: new Date(Number(row.created_at)).toISOString(),
    }),
  )
}

import { Readable } from 'node:stream'
import type { Context } from '../../../../platform/context.ts'
import { fromJson, toJson } from '../../../../platform/db/index.ts'
import { AppError } from '../../../../platform/errors.ts'
import { checkLink, signLink } from '../../../../platform/files/index.ts'
import { type FileReply, type HandlerIo, fileReply } from '../../../../platform/http/index.ts'
import { newId } from '../../../../platform/ids.ts'
import { write } from '../../../../platform/write.ts'
import { actorUserId } from '../../../auth/index.ts'
import { pointsStore } from '../../points-store.ts'
import { guardHeaders } from '../objects.ts'
import { askedOrigin } from '../origin.ts'
import { listOf, objectOf, textOf } from '../parse.ts'
import { columnsOf, runByCuid, runsOf } from './access.ts'
import { exportById, insertExport } from './api.repo.ts'
import { linesFrom } from './logs.ts'
import { type ExportColumn, csvOf } from './csv-export.ts'

/** What was checked when the export was asked for; its link is good for an hour. */
type Request =
  | { kind: 'csv'; columns: ExportColumn[] }
  | { kind: 'log'; runId: string; start: number; rows: number }

async function keep(ctx: Context, request: Request): Promise<{ cosKey: string }> {
  const id = newId()
  await write(
    ctx,
    async (tx) => {
      await tx.run(insertExport, {
        id,
        owner_id: actorUserId(ctx.actor),
        request: toJson(request),
        created_at: ctx.platform.clock.now(),
      })
    },
    { unaudited: 'a reading is not audited' },
  )
  return { cosKey: `exports/${id}` }
}

/** An export of some series as CSV; runs that the asker may not read leave their columns empty. */
export async function exportScalars(ctx: Context, body: unknown): Promise<{ cosKey: string }> {
  const columns = columnsOf(body)
  const runs = await runsOf(ctx, columns)
  return keep(ctx, {
    kind: 'csv',
    columns: columns.map(({ experimentId, experimentName, key }) => ({
      runId: runs.get(experimentId)?.id ?? '',
      name: experimentName || (runs.get(experimentId)?.name ?? experimentId),
      key,
    })),
  })
}

const mostLines = 500_000

export async function exportLog(ctx: Context, body: unknown): Promise<{ cosKey: string }> {
  const given = objectOf(body)
  const projectId = textOf(given['projectId'], 100)
  const run = await runByCuid(ctx, textOf(given['experimentId'], 100), projectId)
  const start = Math.max(0, Math.trunc(Number(given['start'])) || 0)
  const rows = Math.min(mostLines, Math.max(0, Math.trunc(Number(given['rows'])) || mostLines))
  return keep(ctx, { kind: 'log', runId: run.id, start, rows })
}

function linkTo(ctx: Context, io: HandlerIo, id: string): string {
  const path = `/api/exports/${id}`
  const link = signLink(ctx.platform.secrets, { method: 'GET', path }, ctx.platform.clock.now())
  return askedOrigin(ctx.platform, io.headers.host) + link
}

/** Links to exports that the asker made. */
export async function presignExports(
  ctx: Context,
  io: HandlerIo,
  body: unknown,
): Promise<{ urls: string[] }> {
  const own = actorUserId(ctx.actor)
  const urls: string[] = []
  for (const path of listOf(objectOf(body)['paths']).slice(0, 100)) {
    const id = textOf(path, 100).replace(/^exports\//, '')
    const row = await ctx.platform.db.read.first(exportById, { id })
    if (!row || row.owner_id !== own) throw new AppError('platform.not-found')
    urls.push(linkTo(ctx, io, id))
  }
  return { urls }
}

/** The link to one series as CSV, as older SDKs ask for it. */
export async function columnCsv(ctx: Context, io: HandlerIo, cuid: string): Promise<{ url: string }> {
  const run = await runByCuid(ctx, cuid)
  const key = (io.query.get('key') ?? '').slice(0, 512)
  const { cosKey } = await keep(ctx, { kind: 'csv', columns: [{ runId: run.id, name: run.name, key }] })
  return { url: linkTo(ctx, io, cosKey.replace(/^exports\//, '')) }
}

async function* logOf(ctx: Context, { runId, start, rows }: Extract<Request, { kind: 'log' }>) {
  let at = 0
  for await (const lines of linesFrom(pointsStore(ctx.platform), runId)) {
    const wanted = lines.filter((_, place) => at + place >= start && at + place < start + rows)
    at += lines.length
    yield wanted
      .map((line) => `${new Date(line.time).toISOString()} ${line.level} ${line.message}\n`)
      .join('')
    if (at >= start + rows) return
  }
}

/** Makes an export while it is sent. */
export async function getExport(ctx: Context, io: HandlerIo, id: string): Promise<FileReply> {
  const { secrets, clock, db } = ctx.platform
  checkLink(secrets, { method: 'GET', path: `/api/exports/${id}` }, io.query, clock.now())
  const row = await db.read.first(exportById, { id })
  if (!row) throw new AppError('platform.not-found')
  const request = fromJson<Request>(row.request)
  guardHeaders(io)
  if (request.kind === 'log') {
    const type = 'text/plain; charset=utf-8'
    return fileReply({ stream: Readable.from(logOf(ctx, request)), type, name: 'run.log' })
  }
  const csv = csvOf(pointsStore(ctx.platform), request.columns)
  return fileReply({ stream: Readable.from(csv), type: 'text/csv; charset=utf-8', name: 'metrics.csv' })
}

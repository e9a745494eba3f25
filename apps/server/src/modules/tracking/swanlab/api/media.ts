import type { Context } from '../../../../platform/context.ts'
import { fromJson } from '../../../../platform/db/index.ts'
import { AppError } from '../../../../platform/errors.ts'
import { signLink } from '../../../../platform/files/index.ts'
import type { HandlerIo } from '../../../../platform/http/index.ts'
import { type MediaRow, mediaFrom, mediaSteps } from '../../media.repo.ts'
import { hashOfPath } from '../../path-hash.ts'
import { fileByPath } from '../../run-files.repo.ts'
import { askedOrigin } from '../origin.ts'
import { listOf, objectOf, stepOf, textOf } from '../parse.ts'
import { columnsOf, runByCuid, runsOf } from './access.ts'

const mostSteps = 10_000
const mostRows = 1000

const shown = (row: MediaRow) => ({
  data: fromJson<string[]>(row.data),
  more: fromJson<unknown[]>(row.more).map((more) => more ?? {}),
})

/** What some keys hold at one step (the first that any of them has, where none is named), and all their steps. */
export async function readMediaAt(ctx: Context, body: unknown) {
  const { read } = ctx.platform.db
  const columns = columnsOf(body)
  const runs = await runsOf(ctx, columns)
  const steps = new Set<number>()
  for (const { experimentId, key } of columns) {
    const run = runs.get(experimentId)
    if (!run) continue
    const rows = await read.all(mediaSteps, { run_id: run.id, key, limit: mostSteps })
    for (const row of rows) steps.add(Number(row.step))
  }
  const sorted = [...steps].toSorted((a, b) => a - b)
  const step = stepOf(objectOf(body)['step']) ?? sorted[0] ?? null
  const metrics: unknown[] = []
  for (const { experimentId, key } of columns) {
    const run = runs.get(experimentId)
    if (!run || step === null) continue
    const [row] = await read.all(mediaFrom, { run_id: run.id, key, step, limit: 1 })
    if (row && Number(row.step) === step) metrics.push({ key, experimentId, index: step, ...shown(row) })
  }
  return { steps: sorted, step, metrics }
}

/** What some keys hold, at all their steps. */
export async function readAllMedia(ctx: Context, body: unknown) {
  const { read } = ctx.platform.db
  const columns = columnsOf(body)
  const runs = await runsOf(ctx, columns)
  const answers: unknown[] = []
  for (const { experimentId, key } of columns) {
    const run = runs.get(experimentId)
    if (!run) continue
    const from = Number.MIN_SAFE_INTEGER
    const rows = await read.all(mediaFrom, { run_id: run.id, key, step: from, limit: mostRows })
    const metrics = rows.map((row) => ({ index: Number(row.step), ...shown(row) }))
    answers.push({ key, experimentId, metrics })
  }
  return answers
}

/** Links to media by their paths, in the same order; `prefix` names project and run. */
export async function presignGet(ctx: Context, io: HandlerIo, body: unknown): Promise<{ urls: string[] }> {
  const given = objectOf(body)
  const [projectId = '', cuid = ''] = textOf(given['prefix'], 300).split('/')
  const run = await runByCuid(ctx, cuid, projectId)
  const origin = askedOrigin(ctx.platform, io.headers.host)
  const paths = listOf(given['paths'])
  if (paths.length > mostSteps) throw new AppError('tracking.too-many-files', { limit: mostSteps })
  const urls: string[] = []
  for (const given of paths) {
    const path_hash = hashOfPath(textOf(given, 10_000))
    const file = await ctx.platform.db.read.first(fileByPath, { run_id: run.id, path_hash })
    const path = `/api/objects/${file?.id ?? 'none'}`
    const now = ctx.platform.clock.now()
    urls.push(origin + signLink(ctx.platform.secrets, { method: 'GET', path }, now))
  }
  return { urls }
}

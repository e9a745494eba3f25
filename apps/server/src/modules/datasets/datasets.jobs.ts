import { Readable } from 'node:stream'
import type { Context, Platform } from '../../platform/context.ts'
import { toJson } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import type { JobRun } from '../../platform/jobs/index.ts'
import { runThread } from '../../platform/threads.ts'
import { type WriteTx, write } from '../../platform/write.ts'
import {
  type CheckRow,
  type FullDataset,
  datasetById,
  endCheck,
  failCheck,
  insertBadRow,
  removeBadRows,
  setCheckProgress,
} from './datasets.repo.ts'
import type { CheckInput, CheckMessage, CheckOutcome, CheckResult } from './rows/check-file.ts'

interface Payload {
  datasetId: string
  versionId: string
}

/** A file lies on one server: its check is that server's alone. */
const kindOf = (nodeId: string) => `datasets.check ${nodeId}`
const unaudited = 'the step of a check, whose beginning is audited'

/** Puts the check of a dataset's file in the queue of the server that has it. */
export async function enqueueCheck(
  ctx: Context,
  tx: WriteTx,
  dataset: { id: string; ownerId: string; versionId: string; nodeId: string },
): Promise<void> {
  await ctx.platform.jobs.enqueue(tx, {
    kind: kindOf(dataset.nodeId),
    key: `datasets.check ${dataset.versionId}`,
    payload: { datasetId: dataset.id, versionId: dataset.versionId } satisfies Payload,
    ownerId: dataset.ownerId,
  })
}

function tell(tx: WriteTx, row: FullDataset, data: Record<string, unknown>): void {
  const { id, owner_id: ownerId, visibility } = row
  tx.emit({ kind: 'dataset', id, change: 'updated', ownerId, visibility, data })
}

/** Reads the row afresh: a dataset may be shared, or put away, while it is checked. */
async function step(
  ctx: Context,
  payload: Payload,
  data: Record<string, unknown>,
  work: (tx: WriteTx, row: FullDataset) => Promise<unknown>,
): Promise<void> {
  await write(
    ctx,
    async (tx) => {
      const row = await tx.first(datasetById, { id: payload.datasetId })
      if (!row || row.version_id !== payload.versionId) return
      await work(tx, row)
      tell(tx, row, data)
    },
    { unaudited },
  )
}

function endedRow(versionId: string, found: CheckResult, indexFileId: string, now: number): CheckRow {
  const isUsable = found.rows > found.badRows
  return {
    version_id: versionId,
    state: isUsable ? 'ready' : 'failed',
    progress: 1,
    error: isUsable ? null : toJson({ code: 'datasets.no-good-rows', params: { rows: found.rows } }),
    format: found.format,
    row_count: found.rows,
    bad_count: found.badRows,
    reasons: toJson(found.reasons),
    index_file_id: indexFileId,
    checked_at: now,
  }
}

async function keepResult(ctx: Context, payload: Payload, found: CheckResult): Promise<void> {
  const { platform } = ctx
  const { versionId } = payload
  const index = await platform.files.put(Readable.from([Buffer.from(found.index)]))
  const row = endedRow(versionId, found, index.id, platform.clock.now())
  let replaced: string | null = null
  await step(ctx, payload, { state: row.state, progress: 1 }, async (tx, before) => {
    replaced = before.index_file_id
    await tx.run(endCheck, row)
    await tx.run(removeBadRows, { version_id: versionId })
    for (const bad of found.bad) {
      await tx.run(insertBadRow, {
        version_id: versionId,
        row_no: bad.row,
        reason: bad.code,
        params: toJson(bad.params),
        excerpt: bad.excerpt,
      })
    }
  })
  if (replaced) await platform.files.remove(replaced)
}

async function keepProblem(ctx: Context, payload: Payload, code: string): Promise<void> {
  const error = toJson({ code, params: {} })
  await step(ctx, payload, { state: 'failed', progress: 1 }, (tx) =>
    tx.run(failCheck, { version_id: payload.versionId, error }),
  )
}

async function check(job: JobRun): Promise<void> {
  const { ctx, signal } = job
  const payload = job.payload as Payload
  const row = await ctx.platform.db.read.first(datasetById, { id: payload.datasetId })
  if (!row || row.version_id !== payload.versionId) return
  let told = Promise.resolve()
  try {
    const path = await ctx.platform.files.localPath(row.file_id)
    const outcome = await runThread<CheckOutcome, CheckMessage>('modules/datasets/check.worker', {
      data: { path } satisfies CheckInput,
      signal,
      onMessage({ progress }) {
        job.progress(progress)
        told = told
          .then(() =>
            step(ctx, payload, { state: 'checking', progress }, (tx) =>
              tx.run(setCheckProgress, { version_id: payload.versionId, progress }),
            ),
          )
          .catch((error: unknown) => ctx.platform.log.warn('a progress was not told', { error }))
      },
    })
    await told
    if ('problem' in outcome) await keepProblem(ctx, payload, outcome.problem)
    else await keepResult(ctx, payload, outcome)
  } catch (error) {
    await told
    if (signal.aborted) throw error
    ctx.platform.log.error('a check broke off', { error, dataset: row.id })
    const code = error instanceof AppError ? error.code : 'datasets.check-failed'
    await keepProblem(ctx, payload, code)
  }
}

export function defineJobs(platform: Platform): void {
  platform.jobs.define({ kind: kindOf(platform.nodes.self.id), concurrency: 1, run: check })
}

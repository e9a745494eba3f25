import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Context } from '../../platform/context.ts'
import { toJson } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import type { ProcessIdentity } from '../../platform/processes/index.ts'
import { write } from '../../platform/write.ts'
import { createRunKey, endRunKey } from '../auth/index.ts'
import { exportMessages } from '../datasets/index.ts'
import { endTrackedRun, ensureTrackedRun } from '../tracking/index.ts'
import { suggestionFor } from './defaults.ts'
import { trainerEnvironment } from './engine/child-environment.ts'
import { enginePaths } from './engine/engine-paths.ts'
import { ownAddress } from './own-address.ts'
import { isComplete } from './resume-point.ts'
import { runFolder } from './run-folder.ts'
import type { BaseModel, RunProblem, Tuning } from './run-state.ts'
import { trackingEnvironment } from './tracking-environment.ts'
import { trainerConfig, writeTrainerConfig } from './trainer-config.ts'
import type { RunRow } from './training.repo.ts'
import { checkpointById, patchRun } from './training.repo.ts'

interface Tracking {
  env: Record<string, string>
  tracked: { workspace: string; project: string; runId: string } | null
  trackedRunId: string | null
  warning: RunProblem | null
}

/** Curves are no condition of a training: without tracking it goes on, and says so. */
async function startTracking(ctx: Context, row: RunRow, folder: string): Promise<Tracking> {
  const { config, log } = ctx.platform
  try {
    const { key, tracked } = await write(
      ctx,
      async (tx) => {
        await endRunKey(tx, row.id)
        const { id: trainingRunId, owner_id: ownerId, name, visibility } = row
        return {
          tracked: await ensureTrackedRun(ctx, tx, { trainingRunId, ownerId, name, visibility }),
          key: await createRunKey(tx, { trainingRunId, ownerId }),
        }
      },
      { unaudited: 'part of a training run, whose start is audited' },
    )
    const address = ownAddress(config)
    const facts = { key, address, publicUrl: config.publicUrl ?? address, name: row.name, folder }
    return {
      env: trackingEnvironment(tracked, facts),
      tracked,
      trackedRunId: tracked.trackedRunId,
      warning: null,
    }
  } catch (error) {
    log.warn('a training run goes on untracked', { error, run: row.id })
    const message =
      error instanceof AppError ? error.code : error instanceof Error ? error.message : String(error)
    const warning = { code: 'training.TRACKER', params: { message } }
    return { env: {}, tracked: null, trackedRunId: null, warning }
  }
}

/** The run was stopped before it knew its tracked run: nobody else would end that. */
async function endTracking(ctx: Context, trackedRunId: string | null): Promise<void> {
  if (trackedRunId === null) return
  await write(ctx, (tx) => endTrackedRun(ctx, tx, trackedRunId, 'aborted'), {
    unaudited: 'part of a stop, which is audited',
  })
}

async function suggestionOf(ctx: Context, row: RunRow) {
  const base = JSON.parse(row.base_model) as BaseModel
  const tuning = JSON.parse(row.tuning) as Tuning
  return suggestionFor(ctx, base.kind, tuning.kind)
}

/** The checkpoint's folder; its files may have gone while the run was waiting. */
async function resumePathOf(ctx: Context, { resumed_checkpoint_id: id }: RunRow): Promise<string | null> {
  if (id === null) return null
  const row = await ctx.platform.db.read.first(checkpointById, { id })
  if (!row || !(await isComplete(row.path))) throw new AppError('training.checkpoint-gone')
  return row.path
}

/**
 * Fills the run's folder and starts its trainer, for a run in the state `preparing`. The row as it is then; null where a
 * stop came first. Throws what kept it from starting.
 */
export async function launchRun(ctx: Context, row: RunRow): Promise<RunRow | null> {
  const { platform } = ctx
  const folder = runFolder(platform, row.id)
  const paths = enginePaths(platform.config)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const dataPath = path.join(folder, 'data.jsonl')
  await rm(path.join(folder, 'events.jsonl'), { force: true })
  await exportMessages(ctx, row.dataset_id, dataPath)
  const resumePath = await resumePathOf(ctx, row)
  const tracking = await startTracking(ctx, row, folder)
  const { warmupRatio } = await suggestionOf(ctx, row)
  await writeTrainerConfig(folder, trainerConfig(row, dataPath, warmupRatio, tracking.tracked, resumePath))

  const warnings = tracking.warning ? [tracking.warning] : []
  const before = { tracked_run_id: tracking.trackedRunId, warnings: toJson(warnings) }
  const goesOn = await write(ctx, (tx) => patchRun(tx, row.id, ['preparing'], before), {
    unaudited: 'a step within a start that is audited',
  })
  if (!goesOn) {
    await endTracking(ctx, tracking.trackedRunId)
    return null
  }
  const identity = await platform.processes.spawnDetached({
    folder,
    python: paths.python,
    command: paths.python,
    args: ['-m', 'anneal_trainer.sft', folder],
    env: { ...trainerEnvironment(platform.config, paths.trainer), ...tracking.env },
  })
  return noteProcess(ctx, { ...row, ...before }, identity)
}

async function noteProcess(ctx: Context, row: RunRow, identity: ProcessIdentity): Promise<RunRow> {
  const process = toJson(identity)
  try {
    await write(ctx, (tx) => patchRun(tx, row.id, ['preparing', 'stopping'], { process }), {
      unaudited: 'a step within a start that is audited',
    })
  } catch (error) {
    // The trainer runs: it is followed all the same, and the next server finds it by its folder.
    ctx.platform.log.warn("a trainer's process could not be stored", { error, run: row.id })
  }
  return { ...row, process }
}

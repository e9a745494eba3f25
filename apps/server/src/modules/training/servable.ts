import { access } from 'node:fs/promises'
import path from 'node:path'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { requireHere, runFor } from './load.ts'
import { presentCheckpoints } from './read-runs.ts'
import { runFolder } from './run-folder.ts'
import type { BaseModel } from './run-state.ts'
import type { CheckpointRow, RunRow } from './training.repo.ts'
import { checkpointsOfRun } from './training.repo.ts'

/** What a server program can load: a folder or a hub id, and an adapter that is merged into it first. */
export interface Servable {
  model: string
  adapter: string | null
  /** A run's name, or a model's id. */
  name: string
  /** Null for what is no result of a training. */
  step: number | null
}

/** A base model's folder or hub id; null for the starter, which has still to be made. */
export function baseModelPath(base: BaseModel): string | null {
  if (base.kind === 'hub') return base.id
  return base.kind === 'folder' ? base.path : null
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

function baseOf(ctx: Context, row: RunRow): string {
  return (
    baseModelPath(JSON.parse(row.base_model) as BaseModel) ??
    path.join(runFolder(ctx.platform, row.id), 'base')
  )
}

/** The model that a run started from. Throws `training.not-found`, `deployments.nothing-to-serve`. */
export async function baseToServe(ctx: Context, runId: string): Promise<Servable> {
  const row = await runFor(ctx, ctx.platform.db.read, runId, 'use')
  await requireHere(ctx, row)
  const model = baseOf(ctx, row)
  if (path.isAbsolute(model) && !(await exists(path.join(model, 'config.json')))) {
    throw new AppError('deployments.nothing-to-serve')
  }
  return { model, adapter: null, name: row.name, step: null }
}

/** A run's result, its newest checkpoint, or the one named. Throws as `baseToServe`. */
export async function resultToServe(ctx: Context, runId: string, checkpointId?: string): Promise<Servable> {
  const { read } = ctx.platform.db
  const row = await runFor(ctx, read, runId, 'use')
  await requireHere(ctx, row)
  const there = await presentCheckpoints(await read.all(checkpointsOfRun, { run_id: runId }))
  const chosen: CheckpointRow | undefined = checkpointId
    ? there.find((one) => one.id === checkpointId)
    : there[0]
  if (!chosen) throw new AppError('deployments.nothing-to-serve')
  // A checkpoint does not say what it is; the run's tuning does.
  const isAdapter = (JSON.parse(row.tuning) as { kind: string }).kind === 'lora'
  const { path: folder, step } = chosen
  return isAdapter
    ? { model: baseOf(ctx, row), adapter: folder, name: row.name, step }
    : { model: folder, adapter: null, name: row.name, step }
}

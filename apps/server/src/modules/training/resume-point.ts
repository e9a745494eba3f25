import { access } from 'node:fs/promises'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { requireHere, runFor } from './load.ts'
import type { TrainingSettings } from './run-state.ts'
import type { RunRow } from './training.repo.ts'
import { checkpointsOfRun } from './training.repo.ts'

type Input = RouteHandlerInput<'training.start'>['body']
export type ResumePoint = Pick<
  RunRow,
  'resumed_run_id' | 'resumed_name' | 'resumed_checkpoint_id' | 'resumed_step'
>

const fromTheBeginning: ResumePoint = {
  resumed_run_id: null,
  resumed_name: null,
  resumed_checkpoint_id: null,
  resumed_step: null,
}

/** A checkpoint that a trainer was ended in the middle of has no state yet. */
export function isComplete(folder: string): Promise<boolean> {
  return access(path.join(folder, 'trainer_state.json')).then(
    () => true,
    () => false,
  )
}

/**
 * Where a new run goes on from. Throws `training.not-found`, `training.other-node`, `training.checkpoint-gone`,
 * `training.checkpoint-other`, `training.checkpoint-passed`.
 */
export async function resumePointOf(
  ctx: Context,
  { resumeFrom, baseModel, tuning }: Input,
  { steps }: TrainingSettings,
): Promise<ResumePoint> {
  if (!resumeFrom) return fromTheBeginning
  const { read } = ctx.platform.db
  const source = await runFor(ctx, read, resumeFrom.trainingRunId, 'use')
  await requireHere(ctx, source)
  const saved = await read.all(checkpointsOfRun, { run_id: source.id })
  const chosen = saved.find((one) => one.id === resumeFrom.checkpointId && one.kind === 'checkpoint')
  if (!chosen || !(await isComplete(chosen.path))) throw new AppError('training.checkpoint-gone')
  const fits =
    isDeepStrictEqual(JSON.parse(source.base_model), baseModel) &&
    isDeepStrictEqual(JSON.parse(source.tuning), tuning)
  if (!fits) throw new AppError('training.checkpoint-other', { name: source.name })
  if (steps <= chosen.step) throw new AppError('training.checkpoint-passed', { step: chosen.step })
  return {
    resumed_run_id: source.id,
    resumed_name: source.name,
    resumed_checkpoint_id: chosen.id,
    resumed_step: chosen.step,
  }
}

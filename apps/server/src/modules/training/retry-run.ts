import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { beginningWith, nameKey } from '../../platform/names/index.ts'
import { actorUserId } from '../auth/index.ts'
import { runFor } from './load.ts'
import { nameBeforeNumber, nextName } from './next-name.ts'
import type { BaseModel, RunView, TrainingSettings, Tuning } from './run-state.ts'
import { hasEnded } from './run-state.ts'
import { startRun } from './start-run.ts'
import type { RunRow } from './training.repo.ts'
import { runNamesOfOwner } from './training.repo.ts'

type Changes = RouteHandlerInput<'training.retry'>['body']

/** From the checkpoint that is named, else from where the run itself went on; another method begins anew. */
function resumeFrom(row: RunRow, { checkpointId, tuning }: Changes) {
  if (checkpointId) return { trainingRunId: row.id, checkpointId }
  const { resumed_run_id: trainingRunId, resumed_checkpoint_id: before } = row
  return trainingRunId && before && !tuning ? { trainingRunId, checkpointId: before } : undefined
}

/**
 * Starts a run anew under the next free name, with its own settings but for the changes.
 * Throws `training.still-running`, and as `startRun`.
 */
export async function retryRun(ctx: Context, id: string, changes: Changes): Promise<RunView> {
  const { read } = ctx.platform.db
  const row = await runFor(ctx, read, id, 'use')
  if (!hasEnded(row.state)) throw new AppError('training.still-running')
  const ownerId = actorUserId(ctx.actor)
  const pattern = beginningWith(nameBeforeNumber(row.name))
  const taken = await read.all(runNamesOfOwner, { owner_id: ownerId, pattern })
  const { checkpointId: _, tuning, ...settings } = changes
  const point = resumeFrom(row, changes)
  return startRun(ctx, {
    ...(JSON.parse(row.settings) as TrainingSettings),
    ...settings,
    name: nextName(row.name, new Set([nameKey(row.name), ...taken.map((one) => one.name_key)])),
    datasetId: row.dataset_id,
    baseModel: JSON.parse(row.base_model) as BaseModel,
    tuning: tuning ?? (JSON.parse(row.tuning) as Tuning),
    visibility: row.owner_id === ownerId ? row.visibility : 'private',
    ...(point && { resumeFrom: point }),
  })
}

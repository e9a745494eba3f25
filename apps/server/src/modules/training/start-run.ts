import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { toJson } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { nameKey } from '../../platform/names/index.ts'
import { write } from '../../platform/write.ts'
import { aboutResources, actorUserId } from '../auth/index.ts'
import { datasetForTraining } from '../datasets/index.ts'
import { requireModelFolder } from './model-folder.ts'
import { suggestionFor } from './defaults.ts'
import { engineOf } from './engine/engine-keeper.ts'
import { presentRun } from './present.ts'
import type { ResumePoint } from './resume-point.ts'
import { resumePointOf } from './resume-point.ts'
import type { RunView, TrainingSettings } from './run-state.ts'
import { noProgress } from './run-state.ts'
import { supervisorOf } from './supervisor.ts'
import type { RunRow } from './training.repo.ts'
import { insertRun } from './training.repo.ts'

type Input = RouteHandlerInput<'training.start'>['body']

async function settingsOf(ctx: Context, input: Input): Promise<TrainingSettings> {
  const suggested = await suggestionFor(ctx, input.baseModel.kind, input.tuning.kind)
  return {
    steps: input.steps ?? suggested.steps,
    learningRate: input.learningRate ?? suggested.learningRate,
    batchSize: input.batchSize ?? suggested.batchSize,
    gradientAccumulation: input.gradientAccumulation ?? suggested.gradientAccumulation,
    maxLength: input.maxLength ?? suggested.maxLength,
    saveEvery: input.saveEvery ?? suggested.saveEvery,
    seed: input.seed ?? suggested.seed,
  }
}

function newRow(ctx: Context, input: Input, settings: TrainingSettings, point: ResumePoint): RunRow {
  const now = ctx.platform.clock.now()
  return {
    id: newId(),
    owner_id: actorUserId(ctx.actor),
    visibility: input.visibility,
    version: 1,
    created_at: now,
    updated_at: now,
    deleted_at: null,
    name: input.name,
    name_key: nameKey(input.name),
    node_id: ctx.platform.nodes.self.id,
    state: 'queued',
    desired: 'run',
    dataset_id: input.datasetId,
    dataset_name: '',
    dataset_version: 1,
    base_model: toJson(input.baseModel),
    tuning: toJson(input.tuning),
    settings: toJson(settings),
    progress: toJson(noProgress),
    phases: toJson([{ phase: 'queue', startedAt: now, endedAt: null }]),
    warnings: '[]',
    error: null,
    process: null,
    events_inode: 0,
    events_offset: 0,
    events_seq: 0,
    tracked_run_id: null,
    servable: 0,
    started_at: null,
    ended_at: null,
    ...point,
  }
}

/**
 * Puts a training run in the queue of this server.
 * Throws `training.engine-not-ready`, `training.dataset-not-ready`, `training.base-model-missing`, and as
 * `resumePointOf`.
 */
export async function startRun(ctx: Context, input: Input): Promise<RunView> {
  if (engineOf(ctx.platform).view().state !== 'ready') throw new AppError('training.engine-not-ready')
  const { baseModel } = input
  if (baseModel.kind === 'folder') await requireModelFolder(ctx.platform, baseModel.path)
  const settings = await settingsOf(ctx, input)
  const point = await resumePointOf(ctx, input, settings)
  return write(ctx, async (tx) => {
    const dataset = await datasetForTraining(ctx, tx, input.datasetId)
    if (dataset.goodRows === 0) throw new AppError('training.dataset-not-ready')
    const row = {
      ...newRow(ctx, input, settings, point),
      dataset_name: dataset.name,
      dataset_version: dataset.version,
    }
    await insertRun(tx, row)
    const target = { kind: 'training-run', id: row.id }
    tx.audit('training-run.started', target, {
      name: row.name,
      datasetId: row.dataset_id,
      resumedFrom: row.resumed_run_id ?? undefined,
    })
    const { owner_id: ownerId, visibility } = row
    tx.emit({ ...target, change: 'created', ownerId, visibility, data: { state: row.state } })
    tx.afterCommit(() => supervisorOf(ctx.platform).pump())
    return presentRun(row, await aboutResources(tx, ctx.actor, 'training-run', [row]))
  })
}

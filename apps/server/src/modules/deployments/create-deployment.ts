import path from 'node:path'
import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { toJson } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { nameKey } from '../../platform/names/index.ts'
import type { WriteTx } from '../../platform/write.ts'
import { write } from '../../platform/write.ts'
import { aboutResources, actorUserId } from '../auth/index.ts'
import type { BaseModel } from '../training/index.ts'
import { baseModelPath, requireModelFolder, baseToServe, engineOf, resultToServe } from '../training/index.ts'
import type { DeploymentSource, DeploymentView } from './deployment-state.ts'
import type { DeploymentRow } from './deployments.repo.ts'
import { deploymentByNameKey, insertDeployment } from './deployments.repo.ts'
import { prepareJob } from './prepare-model.ts'
import { presentDeployment } from './present.ts'
import { emitDeployment } from './store.ts'
import { supervisorOf } from './supervisor.ts'

type Input = RouteHandlerInput<'deployments.create'>['body']

/** What is to be loaded. `model` is null where it has still to be made. */
interface Chosen {
  model: string | null
  adapter: string | null
  base: string | null
  sourceName: string
  trainingRunId: string | null
}

async function chooseBase(ctx: Context, base: BaseModel): Promise<Chosen> {
  const model = baseModelPath(base)
  if (base.kind === 'folder') await requireModelFolder(ctx.platform, base.path)
  return { model, adapter: null, base: null, sourceName: model ?? 'starter', trainingRunId: null }
}

async function choose(ctx: Context, source: DeploymentSource): Promise<Chosen> {
  if (source.kind === 'base-model') return chooseBase(ctx, source.baseModel)
  const { trainingRunId } = source
  if (source.kind === 'training-base') {
    const found = await baseToServe(ctx, trainingRunId)
    return { model: found.model, adapter: null, base: null, sourceName: found.name, trainingRunId }
  }
  const found = await resultToServe(ctx, trainingRunId, source.checkpointId)
  const sourceName = `${found.name} · ${found.step}`
  return found.adapter === null
    ? { model: found.model, adapter: null, base: null, sourceName, trainingRunId }
    : { model: null, adapter: found.adapter, base: found.model, sourceName, trainingRunId }
}

/** A name that was wished for must be free; one that follows from the source gets a number. */
async function nameFor(tx: WriteTx, input: Input, chosen: Chosen): Promise<string> {
  const taken = (name: string) => tx.first(deploymentByNameKey, { name_key: nameKey(name) })
  if (input.name !== undefined) {
    if (await taken(input.name)) throw new AppError('deployments.name-taken')
    return input.name
  }
  const wished = path.basename(chosen.sourceName).slice(0, 190)
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wished : `${wished} ${number}`
    if (!(await taken(name))) return name
  }
}

/** A hub's model is asked for by its id, a folder by a name of letters, digits, dots and dashes. */
function servedName(name: string, id: string, model: string | null): string {
  if (model !== null && !path.isAbsolute(model)) return model
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return `${slug.slice(0, 40).replace(/-+$/, '') || 'model'}-${id.slice(-6)}`
}

function newRow(ctx: Context, input: Input, chosen: Chosen, name: string): DeploymentRow {
  const now = ctx.platform.clock.now()
  const id = newId()
  return {
    id,
    owner_id: actorUserId(ctx.actor),
    visibility: input.visibility,
    version: 1,
    created_at: now,
    updated_at: now,
    deleted_at: null,
    name,
    name_key: nameKey(name),
    node_id: ctx.platform.nodes.self.id,
    state: chosen.model === null ? 'merging' : 'starting',
    desired: 'serve',
    source: toJson(input.source),
    source_name: chosen.sourceName,
    training_run_id: chosen.trainingRunId,
    model: chosen.model,
    adapter: chosen.adapter,
    base: chosen.base,
    served_name: servedName(name, id, chosen.model),
    model_id: null,
    port: null,
    process: null,
    restarts: 0,
    restart_times: '[]',
    next_restart_at: null,
    error: null,
    serving_since: null,
  }
}

/** What brings a deployment to serve, from within the transaction that asks for it. */
export async function setOff(ctx: Context, tx: WriteTx, row: DeploymentRow): Promise<void> {
  if (row.state !== 'merging') {
    tx.afterCommit(() => supervisorOf(ctx.platform).wake(row.id))
    return
  }
  const job = { kind: prepareJob(ctx.platform), key: `deployments.prepare:${row.id}` }
  await ctx.platform.jobs.enqueue(tx, { ...job, payload: { id: row.id }, ownerId: row.owner_id })
}

/** Throws `training.engine-not-ready`, `deployments.nothing-to-serve`, `deployments.name-taken`, and the sources' own. */
export async function createDeployment(ctx: Context, input: Input): Promise<DeploymentView> {
  if (engineOf(ctx.platform).view().state !== 'ready') throw new AppError('training.engine-not-ready')
  const chosen = await choose(ctx, input.source)
  const { row, about } = await write(ctx, async (tx) => {
    const made = newRow(ctx, input, chosen, await nameFor(tx, input, chosen))
    await insertDeployment(tx, made)
    tx.audit(
      'deployment.created',
      { kind: 'deployment', id: made.id },
      { name: made.name, source: made.source_name },
    )
    emitDeployment(tx, made, 'created')
    await setOff(ctx, tx, made)
    return { row: made, about: await aboutResources(tx, ctx.actor, 'deployment', [made]) }
  })
  return presentDeployment(ctx, row, about)
}

import { type Context, type Platform, perPlatform } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { nameKey } from '../../platform/names/index.ts'
import { type Resource, grantsOf, requireCan } from '../auth/index.ts'
import { type CallableModel, callableOf } from './callable-model.ts'
import { connectionById } from './connections.repo.ts'
import { modelById, modelByNameKey } from './models.repo.ts'
import type { ModelWithConnection } from './models.tables.ts'

/** What is remembered of a model: who may use it is judged at each call. */
interface NamedModel {
  resource: Resource
  row: ModelWithConnection
  callable: CallableModel
  readAt: number
}

export type CallableNamedModel = CallableModel & { createdAt: number; connectionName: string }

/** Changes are heard of at once; this is for what nobody tells. */
const keepMs = 5000
const mostKept = 2000

const remembered = perPlatform(() => ({ models: new Map<string, NamedModel>(), changes: 0 }))

/** Forgets all that is remembered: a model, a connection or what may be done with them has changed. */
export function forgetNamedModels(platform: Platform): void {
  const memory = remembered(platform)
  memory.models.clear()
  memory.changes += 1
}

async function load(ctx: Context, nameOrId: string): Promise<NamedModel> {
  const { read } = ctx.platform.db
  const memory = remembered(ctx.platform)
  const before = memory.changes
  const named = await read.first(modelByNameKey, { name_key: nameKey(nameOrId) })
  const row = await read.first(modelById, { id: named?.id ?? nameOrId })
  if (!row || row.deleted_at !== null) throw new AppError('models.not-found')
  const grants = row.visibility === 'private' ? [] : await grantsOf(read, 'model', row.id)
  const resource: Resource = { kind: 'model', ownerId: row.owner_id, visibility: row.visibility, grants }
  /* Before its state is told: who may not see it hears nothing of it. */
  requireCan(ctx, 'use', resource, 'models.not-found')
  const connection = await read.first(connectionById, { id: row.connection_id })
  const callable = await callableOf(ctx, row, connection)
  const model = { resource, row, callable, readAt: ctx.platform.clock.now() }
  /* A reading that a change overtook is used once and not kept. */
  if (before === memory.changes) {
    if (memory.models.size >= mostKept) memory.models.clear()
    memory.models.set(nameOrId, model)
  }
  return model
}

/**
 * A model that the actor may use, by the name or the id that a program calls it by; read once and then remembered.
 * @throws AppError as `callableModel` does.
 */
export async function callableModelNamed(ctx: Context, nameOrId: string): Promise<CallableNamedModel> {
  const known = remembered(ctx.platform).models.get(nameOrId)
  const isFresh = known !== undefined && ctx.platform.clock.now() - known.readAt < keepMs
  const { resource, row, callable } = isFresh ? known : await load(ctx, nameOrId)
  if (isFresh) requireCan(ctx, 'use', resource, 'models.not-found')
  return { ...callable, createdAt: row.created_at, connectionName: row.connection_name }
}

import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { UniqueViolation } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { nameKey } from '../../platform/names/index.ts'
import { write } from '../../platform/write.ts'
import { aboutResources, actorUserId, tellVisibility } from '../auth/index.ts'
import { connectionFor, modelFor } from './load.ts'
import { forgetModelNames } from './model-names.ts'
import { insertModelRow, markModelDeleted, updateModelRow } from './models.repo.ts'
import type { ModelRow, ModelWithConnection } from './models.tables.ts'
import { type ModelView, presentModel } from './present.ts'

/** A model that was never called. */
export const freshHealth = {
  is_off: 0,
  last_ok_at: null,
  last_error: null,
  last_error_at: null,
  first_token_ms: null,
  tokens_per_second: null,
} as const

/** Adds a model of a connection that the actor may use. */
export async function createModel(
  ctx: Context,
  input: RouteHandlerInput<'models.create'>['body'],
): Promise<ModelView> {
  const now = ctx.platform.clock.now()
  return refuseTakenName(input.name, () =>
    write(ctx, async (tx) => {
      const connection = await connectionFor(ctx, tx, input.connectionId, 'use')
      if (connection.deployment_id !== null) throw new AppError('models.managed')
      const row: ModelRow = {
        id: newId(),
        owner_id: actorUserId(ctx.actor),
        visibility: input.visibility,
        version: 1,
        created_at: now,
        updated_at: now,
        deleted_at: null,
        name: input.name,
        name_key: nameKey(input.name),
        connection_id: connection.id,
        provider_model: input.providerModel,
        kind: input.kind,
        is_disabled: input.enabled ? 0 : 1,
        context_window: input.contextWindow,
        max_output: input.maxOutput,
        capabilities: JSON.stringify(input.capabilities),
        price: input.price && JSON.stringify(input.price),
        reasoning_profile: input.reasoningProfile,
        parameters: JSON.stringify(input.parameters),
        deployment_id: null,
        ...freshHealth,
      }
      await tx.run(insertModelRow, row)
      tx.audit(
        'model.created',
        { kind: 'model', id: row.id },
        { name: row.name, connectionId: connection.id },
      )
      tx.emit({
        kind: 'model',
        id: row.id,
        change: 'created',
        ownerId: row.owner_id,
        visibility: row.visibility,
      })
      tx.afterCommit(() => forgetModelNames(ctx.platform))
      const shown = { ...row, connection_name: connection.name, provider: connection.provider }
      return presentModel(shown, ctx.actor, await aboutResources(tx, ctx.actor, 'model', [shown]))
    }),
  )
}

/** Changes a model. A stale version answers 409 with what is there now. */
export async function updateModel(
  ctx: Context,
  id: string,
  input: RouteHandlerInput<'models.update'>['body'],
): Promise<ModelView> {
  return refuseTakenName(input.name ?? '', () =>
    write(ctx, async (tx) => {
      const row = await modelFor(ctx, tx, id, 'edit')
      // Who may see and use it is its manager's to say.
      if (input.visibility) await modelFor(ctx, tx, id, 'manage')
      if (row.deployment_id !== null && input.providerModel) throw new AppError('models.managed')
      const next: ModelWithConnection = {
        ...row,
        name: input.name ?? row.name,
        name_key: nameKey(input.name ?? row.name),
        provider_model: input.providerModel ?? row.provider_model,
        ...changedColumns(row, input),
        reasoning_profile: input.reasoningProfile ?? row.reasoning_profile,
        parameters: input.parameters ? JSON.stringify(input.parameters) : row.parameters,
        visibility: input.visibility ?? row.visibility,
        updated_at: ctx.platform.clock.now(),
      }
      const about = await aboutResources(tx, ctx.actor, 'model', [next])
      const { changes } = await tx.run(updateModelRow, { ...next, version: input.version })
      if (changes === 0) {
        // Read again: whoever was first has been stored since.
        const current = await modelFor(ctx, tx, id, 'edit')
        throw new AppError('platform.stale-version', {}, { current: presentModel(current, ctx.actor, about) })
      }
      await tellVisibility(tx, 'model', row, next.visibility)
      const changed = Object.keys(input).filter((field) => field !== 'version')
      tx.audit('model.updated', { kind: 'model', id }, { changed })
      tx.emit({ kind: 'model', id, change: 'updated', ownerId: row.owner_id, visibility: next.visibility })
      tx.afterCommit(() => forgetModelNames(ctx.platform))
      return presentModel({ ...next, version: row.version + 1 }, ctx.actor, about)
    }),
  )
}

/** Puts a model away; answers that it made keep its name. */
export async function deleteModel(ctx: Context, id: string): Promise<void> {
  await write(ctx, async (tx) => {
    const row = await modelFor(ctx, tx, id, 'manage')
    if (row.deployment_id !== null) throw new AppError('models.managed')
    const now = ctx.platform.clock.now()
    await tx.run(markModelDeleted, { id, name_key: id, deleted_at: now, updated_at: now })
    tx.audit('model.deleted', { kind: 'model', id }, { name: row.name })
    tx.emit({ kind: 'model', id, change: 'deleted', ownerId: row.owner_id, visibility: row.visibility })
  })
}

/** Undoes the deletion; its connection must be there. */
export async function restoreModel(ctx: Context, id: string): Promise<ModelView> {
  return refuseTakenName('', () =>
    write(ctx, async (tx) => {
      const row = await modelFor(ctx, tx, id, 'manage', { deleted: true })
      await connectionFor(ctx, tx, row.connection_id, 'use')
      const now = ctx.platform.clock.now()
      await tx.run(markModelDeleted, { id, name_key: nameKey(row.name), deleted_at: null, updated_at: now })
      tx.audit('model.restored', { kind: 'model', id }, { name: row.name })
      tx.emit({ kind: 'model', id, change: 'restored', ownerId: row.owner_id, visibility: row.visibility })
      const shown = { ...row, deleted_at: null, version: row.version + 1, updated_at: now }
      return presentModel(shown, ctx.actor, await aboutResources(tx, ctx.actor, 'model', [shown]))
    }),
  )
}

/** What a change leaves out stays as it is. */
function changedColumns(row: ModelWithConnection, input: RouteHandlerInput<'models.update'>['body']) {
  const { kind, enabled, contextWindow, maxOutput, capabilities, price } = input
  return {
    kind: kind ?? row.kind,
    is_disabled: enabled === undefined ? row.is_disabled : enabled ? 0 : 1,
    context_window: contextWindow === undefined ? row.context_window : contextWindow,
    max_output: maxOutput === undefined ? row.max_output : maxOutput,
    capabilities: capabilities ? JSON.stringify(capabilities) : row.capabilities,
    price: price === undefined ? row.price : price && JSON.stringify(price),
  }
}

async function refuseTakenName<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof UniqueViolation) throw new AppError('models.name-taken', { name }, { cause: error })
    throw error
  }
}

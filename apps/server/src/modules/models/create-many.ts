import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { nameKey } from '../../platform/names/index.ts'
import { connectionFor } from './load.ts'
import { modelByNameKey, modelsOfConnection } from './models.repo.ts'
import type { ModelView } from './present.ts'
import { createModel } from './write-model.ts'

type Input = RouteHandlerInput<'models.createMany'>['body']
type Wanted = Input['models'][number]
type Made = RouteReply<'models.createMany'>['items'][number]

const nameTries = 100

/** Adds several models of a connection, each in a write of its own: one that cannot be added stops no other. */
export async function createModels(
  ctx: Context,
  connectionId: string,
  input: Input,
): Promise<RouteReply<'models.createMany'>> {
  const { read } = ctx.platform.db
  const connection = await connectionFor(ctx, read, connectionId, 'use')
  if (connection.deployment_id !== null) throw new AppError('models.managed')
  const present = await read.all(modelsOfConnection, { connection_id: connectionId })
  const added = new Set(present.filter((row) => row.deleted_at === null).map((row) => row.provider_model))
  const items: Made[] = []
  for (const wanted of input.models) {
    items.push(await createOne(ctx, connectionId, input.visibility, wanted, added))
  }
  return { items }
}

async function createOne(
  ctx: Context,
  connectionId: string,
  visibility: Input['visibility'],
  wanted: Wanted,
  added: Set<string>,
): Promise<Made> {
  const { providerModel } = wanted
  try {
    if (added.has(providerModel)) throw new AppError('models.already-added', { model: providerModel })
    const model = await createNamed(ctx, { ...wanted, connectionId, visibility })
    added.add(providerModel)
    return { providerModel, model, error: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { providerModel, model: null, error: { code: error.code, params: { ...error.params } } }
  }
}

/** A name that is taken gets a number, also where somebody takes it at this very moment. */
async function createNamed(
  ctx: Context,
  input: Wanted & { connectionId: string; visibility: Input['visibility'] },
): Promise<ModelView> {
  const wished = (input.name ?? input.providerModel).slice(0, 190)
  for (let number = 1; ; number++) {
    const name = number === 1 ? wished : `${wished} ${number}`
    const taken = await ctx.platform.db.read.first(modelByNameKey, { name_key: nameKey(name) })
    if (taken && number < nameTries) continue
    try {
      return await createModel(ctx, { ...input, name })
    } catch (error) {
      const again = error instanceof AppError && error.code === 'models.name-taken' && number < nameTries
      if (!again) throw error
    }
  }
}

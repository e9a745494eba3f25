import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { type CallableNamedModel, callableModelNamed } from '../models/index.ts'

/** The model that a program names. @throws AppError `gateway.model-not-found` with the name, and as `callableModel` does. */
export async function modelFor(ctx: Context, name: string): Promise<CallableNamedModel> {
  try {
    return await callableModelNamed(ctx, name)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'models.not-found') throw error
    throw new AppError('gateway.model-not-found', { model: name.slice(0, 100) })
  }
}

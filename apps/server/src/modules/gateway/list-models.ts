import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { usableModels } from '../models/index.ts'
import { modelFor } from './model-for.ts'

type ListedModel = RouteReply<'gateway.model'>

const listed = (model: { name: string; createdAt: number; connectionName: string }): ListedModel => ({
  id: model.name,
  object: 'model',
  created: Math.floor(model.createdAt / 1000),
  owned_by: model.connectionName,
})

/** The models that the caller may use, by the names that they are called by. */
export async function listGatewayModels(ctx: Context): Promise<RouteReply<'gateway.models'>> {
  const models = await usableModels(ctx)
  return { object: 'list', data: models.map(listed) }
}

/** One of them. @throws AppError `models.not-found`. */
export async function getGatewayModel(ctx: Context, nameOrId: string): Promise<ListedModel> {
  const model = await modelFor(ctx, nameOrId)
  return listed(model)
}

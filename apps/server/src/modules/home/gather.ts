import type { Permission, RouteName, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Module } from '../../platform/http/index.ts'
import { chatModule } from '../chat/index.ts'
import { datasetsModule } from '../datasets/index.ts'
import { deploymentsModule } from '../deployments/index.ts'
import { modelsModule } from '../models/index.ts'
import { trainingModule } from '../training/index.ts'
import type { Answer } from './home.repo.ts'
import { firstAnswer, firstAnswerOf } from './home.repo.ts'

type Items<N extends RouteName> = RouteReply<N> extends { items: infer I } ? I : never

/** What home is made of: only what this person may read, newest first. */
export interface Gathered {
  models: Items<'models.list'>
  conversations: Items<'chat.listConversations'>
  datasets: Items<'datasets.list'>
  training: Items<'training.list'>
  deployments: Items<'deployments.list'>
  firstAnswer: Answer | undefined
  /** By a model that was made here. */
  ownAnswer: Answer | undefined
}

function allowed(ctx: Context, permission: Permission): boolean {
  return 'permissions' in ctx.actor && ctx.actor.permissions.has(permission)
}

type ListRoute =
  | 'models.list'
  | 'chat.listConversations'
  | 'datasets.list'
  | 'training.list'
  | 'deployments.list'

/** The first page of a module's list, as its own route gives it; empty for whoever may not open it. */
async function listOf<N extends ListRoute>(
  ctx: Context,
  module: Module,
  route: N,
  permission: Permission,
  limit: number,
): Promise<Items<N>> {
  const none = [] as unknown as Items<N>
  if (!allowed(ctx, permission)) return none
  const list = module.routes?.[route] as
    | ((ctx: Context, input: unknown) => Promise<{ items: Items<N> }>)
    | undefined
  return list ? (await list(ctx, { params: undefined, query: { limit }, body: undefined })).items : none
}

export async function gather(ctx: Context, userId: string): Promise<Gathered> {
  const { read } = ctx.platform.db
  const [models, conversations, datasets, training, deployments, first] = await Promise.all([
    listOf(ctx, modelsModule, 'models.list', 'models.read', 200),
    listOf(ctx, chatModule, 'chat.listConversations', 'chat.use', 5),
    listOf(ctx, datasetsModule, 'datasets.list', 'datasets.read', 20),
    listOf(ctx, trainingModule, 'training.list', 'training.read', 50),
    listOf(ctx, deploymentsModule, 'deployments.list', 'deployments.read', 20),
    read.first(firstAnswer, { userId }),
  ])
  const own = models.flatMap((model) => (model.deploymentId ? [model.id] : []))
  const ownAnswer = await firstAnswerOf(read, userId, own)
  return { models, conversations, datasets, training, deployments, firstAnswer: first, ownAnswer }
}

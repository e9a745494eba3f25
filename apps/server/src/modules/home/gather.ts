import type { Permission, RouteName, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { listConversations } from '../chat/index.ts'
import { listDatasets } from '../datasets/index.ts'
import { listDeployments } from '../deployments/index.ts'
import { listModels } from '../models/index.ts'
import { listTraining } from '../training/index.ts'
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

async function itemsIf<T>(may: boolean, list: () => Promise<{ items: T[] }>): Promise<T[]> {
  return may ? (await list()).items : []
}

export async function gather(ctx: Context, userId: string): Promise<Gathered> {
  const { read } = ctx.platform.db
  const [models, conversations, datasets, training, deployments, first] = await Promise.all([
    itemsIf(allowed(ctx, 'models.read'), () => listModels(ctx, { limit: 200 })),
    itemsIf(allowed(ctx, 'chat.use'), () => listConversations(ctx, { limit: 5 })),
    itemsIf(allowed(ctx, 'datasets.read'), () => listDatasets(ctx, { limit: 20 })),
    itemsIf(allowed(ctx, 'training.read'), () => listTraining(ctx, { limit: 50 })),
    itemsIf(allowed(ctx, 'deployments.read'), () => listDeployments(ctx, { limit: 20 })),
    read.first(firstAnswer, { userId }),
  ])
  const own = models.flatMap((model) => (model.deploymentId ? [model.id] : []))
  const ownAnswer = await firstAnswerOf(read, userId, own)
  return { models, conversations, datasets, training, deployments, firstAnswer: first, ownAnswer }
}

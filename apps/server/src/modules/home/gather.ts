import type { Permission, RouteName, RouteReply } from '@anneal/contract'
import { type Context, perPlatform } from '../../platform/context.ts'
import type { Module } from '../../platform/http/index.ts'
import { Kept } from '../../platform/kept.ts'
import { visibleParams } from '../auth/index.ts'
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

/** Lists that change seldom are kept until one of their kind does. */
const keptLists = {
  'datasets.list': perPlatform(
    (platform) => new Kept<unknown>(platform, ['dataset', 'user', 'group', 'role']),
  ),
  'training.list': perPlatform(
    (platform) => new Kept<unknown>(platform, ['training-run', 'user', 'group', 'role']),
  ),
  'deployments.list': perPlatform(
    (platform) => new Kept<unknown>(platform, ['deployment', 'user', 'group', 'role']),
  ),
}

/** The same, kept for this person. */
async function keptListOf<N extends keyof typeof keptLists>(
  ctx: Context,
  module: Module,
  route: N,
  permission: Permission,
  limit: number,
): Promise<Items<N>> {
  const { actorId, actorSeesAll } = visibleParams(ctx.actor)
  const read = () => listOf(ctx, module, route, permission, limit)
  if (!allowed(ctx, permission)) return read()
  return (await keptLists[route](ctx.platform).get(`${actorId} ${actorSeesAll}`, read)) as Items<N>
}

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

const keptAnswers = perPlatform((platform) => new Kept<Answer | undefined>(platform, []))

/** A first answer stays the first; one that there is not yet is asked for each time. */
async function answerOnce(
  ctx: Context,
  key: string,
  read: () => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  const kept = keptAnswers(ctx.platform)
  const answer = await kept.get(key, read)
  if (!answer) kept.drop(key)
  return answer
}

export async function gather(ctx: Context, userId: string): Promise<Gathered> {
  const { read } = ctx.platform.db
  const [models, conversations, datasets, training, deployments, first] = await Promise.all([
    listOf(ctx, modelsModule, 'models.list', 'models.read', 200),
    listOf(ctx, chatModule, 'chat.listConversations', 'chat.use', 5),
    keptListOf(ctx, datasetsModule, 'datasets.list', 'datasets.read', 20),
    keptListOf(ctx, trainingModule, 'training.list', 'training.read', 50),
    keptListOf(ctx, deploymentsModule, 'deployments.list', 'deployments.read', 20),
    answerOnce(ctx, userId, () => read.first(firstAnswer, { userId })),
  ])
  const own = models.flatMap((model) => (model.deploymentId ? [model.id] : []))
  const ownAnswer =
    own.length === 0
      ? undefined
      : await answerOnce(ctx, `${userId} own`, () => firstAnswerOf(read, userId, own))
  return { models, conversations, datasets, training, deployments, firstAnswer: first, ownAnswer }
}

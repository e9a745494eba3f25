import type { Permission, RouteHandlerInput, RouteName, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Module } from '../../platform/http/index.ts'
import { chatModule } from '../chat/index.ts'
import { compareModule } from '../compare/index.ts'
import { datasetsModule } from '../datasets/index.ts'
import { deploymentsModule } from '../deployments/index.ts'
import { modelsModule } from '../models/index.ts'
import { promptsModule } from '../prompts/index.ts'
import { trackingModule } from '../tracking/index.ts'
import { trainingModule } from '../training/index.ts'
import { authModule } from '../auth/index.ts'

export type Found = RouteReply<'home.search'>['items'][number]
type Kind = Found['kind']
type Items<N extends RouteName> = RouteReply<N> extends { items: (infer I)[] } ? I : never

interface Source {
  kind: Kind
  permission: Permission
  find(ctx: Context, search: string, limit: number): Promise<Found[]>
}

/** A module's own list is what finds: its rules of who sees what hold here too. */
function source<N extends RouteName>(
  kind: Kind,
  module: Module,
  route: N,
  permission: Permission,
  present: (item: Items<N>) => Omit<Found, 'kind'>,
): Source {
  return {
    kind,
    permission,
    async find(ctx, search, limit) {
      const list = module.routes?.[route] as
        | ((ctx: Context, input: unknown) => Promise<{ items: Items<N>[] }>)
        | undefined
      if (!list) return []
      const { items } = await list(ctx, { params: undefined, query: { search, limit }, body: undefined })
      return items.slice(0, limit).map((item) => ({ kind, ...present(item) }))
    },
  }
}

const fact = (key: string, params: Record<string, string | number>) => ({ key: `home.found.${key}`, params })

const sources: readonly Source[] = [
  source(
    'training-run',
    trainingModule,
    'training.list',
    'training.read',
    ({ id, name, state, step, settings }) => ({
      id,
      name,
      fact:
        state === 'running' && settings.steps > 0
          ? fact('progress', { percent: Math.floor((step / settings.steps) * 100) })
          : { key: `training.states.${state}`, params: {} },
      link: `/training/${id}`,
    }),
  ),
  source('deployment', deploymentsModule, 'deployments.list', 'deployments.read', ({ id, name, state }) => ({
    id,
    name,
    fact: { key: `deployments.states.${state}`, params: {} },
    link: `/deployments/${id}`,
  })),
  source('model', modelsModule, 'models.list', 'models.read', ({ id, name, connectionName }) => ({
    id,
    name,
    fact: connectionName === name ? null : fact('connection', { name: connectionName }),
    link: `/models/${id}`,
  })),
  source('prompt', promptsModule, 'prompts.list', 'prompts.read', ({ id, name, newest }) => ({
    id,
    name,
    fact: fact('version', { version: newest }),
    link: `/prompts/${encodeURIComponent(name)}`,
  })),
  source('dataset', datasetsModule, 'datasets.list', 'datasets.read', ({ id, name, rows }) => ({
    id,
    name,
    fact: fact('rows', { n: rows }),
    link: `/datasets/${id}`,
  })),
  source('project', trackingModule, 'tracking.projects', 'tracking.read', ({ id, name, workspace }) => ({
    id,
    name,
    fact: fact('workspace', { name: workspace }),
    link: `/tracking/${workspace}/${name}`,
  })),
  source('conversation', chatModule, 'chat.listConversations', 'chat.use', ({ id, title }) => ({
    id,
    name: title,
    fact: null,
    link: `/chat/${id}`,
  })),
  source('comparison', compareModule, 'compare.list', 'compare.use', ({ id, title }) => ({
    id,
    name: title,
    fact: null,
    link: `/compare/${id}`,
  })),
  source('user', authModule, 'auth.listUsers', 'users.read', ({ id, name, email }) => ({
    id,
    name,
    fact: fact('email', { email }),
    link: `/users?q=${encodeURIComponent(email)}`,
  })),
]

const fewOfEach = 5
const manyOfOne = 20

/** What the asker may see by name. A kind that cannot be searched now is left out, the others are still found. */
export async function searchAll(
  ctx: Context,
  { q, kind }: RouteHandlerInput<'home.search'>['query'],
): Promise<RouteReply<'home.search'>> {
  const allowed = (permission: Permission) =>
    'permissions' in ctx.actor && ctx.actor.permissions.has(permission)
  const wanted = sources.filter((one) => allowed(one.permission) && (!kind || one.kind === kind))
  const results = await Promise.all(
    wanted.map((one) =>
      one.find(ctx, q, kind ? manyOfOne : fewOfEach).catch((error: unknown) => {
        ctx.platform.log.warn('a kind could not be searched', { error, kind: one.kind })
        return []
      }),
    ),
  )
  return { items: results.flat() }
}

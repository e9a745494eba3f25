import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { decodeCursor, toPage } from '../../platform/cursor.ts'
import type { LogPage } from '../../platform/processes/index.ts'
import { aboutResources, visibleParams } from '../auth/index.ts'
import { logOf } from '../training/index.ts'
import type { DeploymentState, DeploymentView } from './deployment-state.ts'
import { activeStates } from './deployment-state.ts'
import { listDeployments } from './deployments.repo.ts'
import { deploymentFor, nodeNameOf, requireHere } from './load.ts'
import { presentDeployment } from './present.ts'
import { deploymentFolder } from './store.ts'

type ListQuery = RouteHandlerInput<'deployments.list'>['query']

const statesOf: Record<NonNullable<ListQuery['state']>, readonly DeploymentState[]> = {
  live: activeStates,
  serving: ['serving'],
  stopped: ['stopping', 'stopped'],
  failed: ['failed', 'lost', 'restarting'],
}

/** Deployments that the actor may see, newest first. */
export async function readDeployments(
  ctx: Context,
  query: ListQuery,
): Promise<RouteReply<'deployments.list'>> {
  const { read } = ctx.platform.db
  const rows = await listDeployments(read, visibleParams(ctx.actor), {
    trainingRunId: query.trainingRunId,
    states: query.state === undefined ? null : statesOf[query.state],
    search: query.search?.trim() || null,
    ...decodeCursor(query.cursor),
    limit: query.limit + 1,
  })
  const about = await aboutResources(read, ctx.actor, 'deployment', rows)
  const page = toPage(
    rows,
    query.limit,
    (row) => ({ at: row.created_at, id: row.id }),
    (row) => presentDeployment(ctx, row, about),
  )
  return { items: await Promise.all(page.items), nextCursor: page.nextCursor }
}

export async function getDeployment(ctx: Context, id: string): Promise<DeploymentView> {
  const { read } = ctx.platform.db
  const row = await deploymentFor(ctx, read, id, 'read')
  return presentDeployment(ctx, row, await aboutResources(read, ctx.actor, 'deployment', [row]))
}

export async function readDeploymentLog(
  ctx: Context,
  id: string,
  query: RouteHandlerInput<'deployments.log'>['query'],
): Promise<LogPage> {
  const row = await deploymentFor(ctx, ctx.platform.db.read, id, 'read')
  requireHere(ctx, row, await nodeNameOf(ctx, row))
  return logOf(ctx.platform, deploymentFolder(ctx.platform, id)).page(query)
}

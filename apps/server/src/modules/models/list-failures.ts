import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { failuresOfConnection, failuresOfModel, keptFailures } from './failures.repo.ts'
import { connectionFor, modelFor } from './load.ts'
import { modelNames } from './model-names.ts'
import type { FailureRow } from './models.tables.ts'
import type { Problem } from './problem.ts'
import { failureFor } from './withheld.ts'

/** The last failures of a model, newest first. */
export async function listFailures(ctx: Context, modelId: string): Promise<RouteReply<'models.failures'>> {
  const { read } = ctx.platform.db
  await modelFor(ctx, read, modelId, 'read')
  const rows = await read.all(failuresOfModel, { model_id: modelId, limit: keptFailures })
  return { items: rows.map((row) => presentFailure(ctx, row)) }
}

/** The last failures of all models of a connection, newest first. */
export async function listConnectionFailures(
  ctx: Context,
  connectionId: string,
): Promise<RouteReply<'models.connectionFailures'>> {
  const { read } = ctx.platform.db
  await connectionFor(ctx, read, connectionId, 'read')
  const rows = await read.all(failuresOfConnection, { connection_id: connectionId, limit: keptFailures })
  const names = await modelNames(ctx.platform)
  return {
    items: rows.map((row) => ({
      ...presentFailure(ctx, row),
      modelId: row.model_id,
      modelName: names.get(row.model_id) ?? '',
    })),
  }
}

function presentFailure(ctx: Context, row: FailureRow) {
  return {
    ...failureFor(ctx.actor, { code: row.code, params: JSON.parse(row.params) as Problem['params'] }),
    at: new Date(row.failed_at).toISOString(),
  }
}

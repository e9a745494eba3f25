import type { ResourceAction } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { declareResource, requireAccess } from '../auth/index.ts'
import type { RunRow } from './training.repo.ts'
import { runById } from './training.repo.ts'

declareResource({ kind: 'training-run', table: 'training_run', nameColumn: 'name' })

/** A run that the actor may do `action` with; `training.not-found` for anyone who may not even read it. */
export async function runFor(
  ctx: Context,
  reader: Reader,
  id: string,
  action: ResourceAction,
  options: { deleted?: boolean } = {},
): Promise<RunRow> {
  const row = await reader.first(runById, { id })
  if (!row || (row.deleted_at !== null) !== (options.deleted ?? false))
    throw new AppError('training.not-found')
  await requireAccess(ctx, reader, action, 'training-run', row, 'training.not-found')
  return row
}

/** What lies on this server: folder and process of a run are on the node that it was started on. */
export async function requireHere(ctx: Context, row: RunRow): Promise<void> {
  const { nodes } = ctx.platform
  if (row.node_id === nodes.self.id) return
  throw new AppError('training.other-node', { node: (await nodes.find(row.node_id))?.name ?? row.node_id })
}

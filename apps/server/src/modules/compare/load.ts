import type { ResourceAction } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { declareResource, requireAccess } from '../auth/index.ts'
import { comparisonById, turnById, turnsBefore } from './compare.repo.ts'
import type { ComparisonRow, Pane, Shared, TurnRow } from './compare.tables.ts'

declareResource({ kind: 'comparison', table: 'comparison', nameColumn: 'title' })

/** Above every id: they are hexadecimal. */
export const pastTheEnd = 'g'

/** The comparison, if the actor may do `action` with it; 404 for anyone who may not even read it. */
export async function comparisonFor(
  ctx: Context,
  reader: Reader,
  id: string,
  action: ResourceAction,
  options: { deleted?: boolean } = {},
): Promise<ComparisonRow> {
  const row = await reader.first(comparisonById, { id })
  if (!row || (row.deleted_at !== null) !== (options.deleted ?? false))
    throw new AppError('compare.not-found')
  await requireAccess(ctx, reader, action, 'comparison', row, 'compare.not-found')
  return row
}

/** The newest prompt of a comparison, if it is the one named: what was said on an earlier one stays as it is. */
export async function newestTurn(
  reader: Reader,
  comparisonId: string,
  turnId: string,
  closed: 'compare.turn-closed' | 'compare.vote-closed',
): Promise<TurnRow> {
  const turn = await reader.first(turnById, { comparison_id: comparisonId, id: turnId })
  if (!turn) throw new AppError('compare.turn-not-found')
  const [newest] = await reader.all(turnsBefore, {
    comparison_id: comparisonId,
    before: pastTheEnd,
    limit: 1,
  })
  if (newest?.id !== turnId) throw new AppError(closed)
  return turn
}

export const panesOf = (row: Pick<ComparisonRow, 'panes'>): Pane[] => JSON.parse(row.panes) as Pane[]
export const sharedOf = (row: Pick<ComparisonRow, 'shared'>): Shared => JSON.parse(row.shared) as Shared

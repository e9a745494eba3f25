import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { modelFor } from '../models/index.ts'
import { paneIdsOf } from './compare.repo.ts'
import type { ComparisonRow, Pane } from './compare.tables.ts'
import { panesOf } from './load.ts'

type PanesInput = RouteHandlerInput<'compare.create'>['body']['panes']

/**
 * Panes as they are stored. An id must be one of this comparison's: of a pane that is there, or of one that answered
 * before it was removed. A model that was there before need not be callable any more.
 */
export async function panesFrom(
  ctx: Context,
  reader: Reader,
  input: PanesInput,
  row: ComparisonRow | null,
): Promise<Pane[]> {
  const before = row ? panesOf(row) : []
  const known = new Set(before.map((pane) => pane.id))
  const models = new Set(before.map((pane) => pane.modelId))
  const named = input.flatMap((pane) => (pane.id === undefined ? [] : [pane.id]))
  if (row && named.some((id) => !known.has(id))) {
    for (const { pane_id } of await reader.all(paneIdsOf, { comparison_id: row.id })) known.add(pane_id)
  }
  if (new Set(named).size < named.length || named.some((id) => !known.has(id))) {
    throw new AppError('compare.pane-not-found')
  }
  for (const { modelId } of input) {
    if (modelId !== null && !models.has(modelId)) await modelFor(ctx, reader, modelId, 'use')
  }
  return input.map((pane) => ({ ...pane, id: pane.id ?? newId() }))
}

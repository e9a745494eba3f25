import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { aboutReadable } from '../auth/index.ts'
import { turnsBefore } from './compare.repo.ts'
import { comparisonFor, pastTheEnd } from './load.ts'
import { presentComparison } from './present.ts'
import { readTurns } from './read-turns.ts'

/** A comparison with its newest prompts (or those before one), oldest first. */
export async function getComparison(
  ctx: Context,
  id: string,
  query: RouteHandlerInput<'compare.get'>['query'],
): Promise<RouteReply<'compare.get'>> {
  const { read } = ctx.platform.db
  const row = await comparisonFor(ctx, read, id, 'read')
  const rows = await read.all(turnsBefore, {
    comparison_id: id,
    before: query.before ?? pastTheEnd,
    limit: query.limit + 1,
  })
  const shown = rows.slice(0, query.limit).toReversed()
  return {
    ...(await aboutReadable(ctx, read, 'comparison', row)),
    comparison: presentComparison(row),
    turns: await readTurns(ctx, read, id, shown),
    earlierCursor: rows.length > query.limit ? (shown[0]?.id ?? null) : null,
  }
}

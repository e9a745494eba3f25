import { handlers } from '../../platform/http/index.ts'
import { chooseTry } from './choose-try.ts'
import { createComparison } from './create-comparison.ts'
import { deleteComparison, restoreComparison } from './delete-comparison.ts'
import { getComparison } from './get-comparison.ts'
import { listComparisons } from './list-comparisons.ts'
import { retryPane } from './retry-pane.ts'
import { sendTurn } from './send-turn.ts'
import { stopComparison } from './stop-comparison.ts'
import { updateComparison } from './update-comparison.ts'
import { vote } from './vote.ts'

export const compareRoutes = handlers('compare', {
  'compare.list': (ctx, { query }) => listComparisons(ctx, query),
  'compare.create': (ctx, { body }) => createComparison(ctx, body),
  'compare.get': (ctx, { params, query }) => getComparison(ctx, params.id, query),
  'compare.update': (ctx, { params, body }) => updateComparison(ctx, params.id, body),
  'compare.delete': (ctx, { params }) => deleteComparison(ctx, params.id),
  'compare.restore': (ctx, { params }) => restoreComparison(ctx, params.id),
  'compare.send': (ctx, { params, body }) => sendTurn(ctx, params.id, body),
  'compare.retry': (ctx, { params }) => retryPane(ctx, params),
  'compare.choose': (ctx, { params }) => chooseTry(ctx, params),
  'compare.vote': (ctx, { params, body }) => vote(ctx, params, body),
  'compare.stop': (ctx, { params }) => stopComparison(ctx, params.id),
})

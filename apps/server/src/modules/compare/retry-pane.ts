import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { allTurns, answersBetween } from './compare.repo.ts'
import type { TurnView } from './compare.tables.ts'
import { historyOf } from './history.ts'
import { comparisonFor, newestTurn, panesOf, sharedOf } from './load.ts'
import { prepareAnswer, storeAnswer } from './prepare-answer.ts'
import { readTurn } from './read-turns.ts'
import { refuseSecond } from './send-turn.ts'

/** Asks one pane the newest prompt again, with its present model and settings; earlier tries are kept beside. */
export async function retryPane(
  ctx: Context,
  { id, turnId, paneId }: RouteHandlerInput<'compare.retry'>['params'],
): Promise<TurnView> {
  const { read } = ctx.platform.db
  const row = await comparisonFor(ctx, read, id, 'edit')
  const turn = await newestTurn(read, id, turnId, 'compare.turn-closed')
  const pane = panesOf(row).find((one) => one.id === paneId)
  if (!pane) throw new AppError('compare.pane-not-found')
  const before = (await read.all(allTurns, { comparison_id: id })).filter((one) => one.id < turnId)
  const [first] = before
  const given = first ? await read.all(answersBetween, { comparison_id: id, from: first.id, to: turnId }) : []
  const answer = await prepareAnswer(ctx, pane, sharedOf(row), [
    ...historyOf(before, given, pane),
    { role: 'user', content: turn.text },
  ])
  const now = ctx.platform.clock.now()
  await refuseSecond(() =>
    write(ctx, async (tx) => {
      const { visibility } = await comparisonFor(ctx, tx, id, 'edit')
      await newestTurn(tx, id, turnId, 'compare.turn-closed')
      await storeAnswer(tx, answer, { comparisonId: id, turnId, now })
      tx.audit('comparison.retried', { kind: 'comparison', id }, { turnId, paneId, modelId: pane.modelId })
      tx.emit({ kind: 'comparison', id, change: 'updated', ownerId: row.owner_id, visibility })
    }),
  )
  return readTurn(ctx, id, turnId)
}

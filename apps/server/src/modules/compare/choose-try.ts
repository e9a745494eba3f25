import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { answersBetween, chooseAnswer } from './compare.repo.ts'
import type { TurnView } from './compare.tables.ts'
import { comparisonFor, newestTurn } from './load.ts'
import { readTurn } from './read-turns.ts'

/** Takes one of a pane's tries at the newest prompt as its answer: it is shown, and the pane goes on from it. */
export async function chooseTry(
  ctx: Context,
  { id, turnId, answerId }: RouteHandlerInput<'compare.choose'>['params'],
): Promise<TurnView> {
  await write(ctx, async (tx) => {
    const row = await comparisonFor(ctx, tx, id, 'edit')
    await newestTurn(tx, id, turnId, 'compare.turn-closed')
    const tries = await tx.all(answersBetween, { comparison_id: id, from: turnId, to: turnId })
    const answer = tries.find((one) => one.id === answerId)
    if (!answer) throw new AppError('compare.answer-not-found')
    // Above every other try of the pane, whatever the clocks of two servers say.
    const latest = Math.max(...tries.map((one) => one.chosen_at))
    await tx.run(chooseAnswer, {
      id: answerId,
      chosen_at: Math.max(ctx.platform.clock.now(), latest + 1),
    })
    tx.audit('comparison.try-chosen', { kind: 'comparison', id }, { turnId, answerId })
    tx.emit({ kind: 'comparison', id, change: 'updated', ownerId: row.owner_id, visibility: row.visibility })
  })
  return readTurn(ctx, id, turnId)
}

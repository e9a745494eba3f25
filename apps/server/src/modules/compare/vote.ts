import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { write } from '../../platform/write.ts'
import { actorUserId } from '../auth/index.ts'
import { answersBetween, upsertVote, votesBetween } from './compare.repo.ts'
import type { TurnView } from './compare.tables.ts'
import { comparisonFor, newestTurn } from './load.ts'
import { chosenOf } from './present.ts'
import { readTurn } from './read-turns.ts'

/** Keeps the actor's vote on the newest prompt's answers, in place of an earlier one; the same again changes nothing. */
export async function vote(
  ctx: Context,
  { id, turnId }: RouteHandlerInput<'compare.vote'>['params'],
  input: RouteHandlerInput<'compare.vote'>['body'],
): Promise<TurnView> {
  const voterId = actorUserId(ctx.actor)
  const paneId = input.choice === 'pane' ? input.paneId : null
  await write(
    ctx,
    async (tx) => {
      const row = await comparisonFor(ctx, tx, id, 'edit')
      await newestTurn(tx, id, turnId, 'compare.vote-closed')
      const range = { comparison_id: id, from: turnId, to: turnId }
      const chosen = chosenOf(await tx.all(answersBetween, range))
      if (chosen.size < 2) throw new AppError('compare.vote-needs-two')
      if (paneId !== null && !chosen.has(paneId)) throw new AppError('compare.pane-not-found')
      const answerIds = JSON.stringify([...chosen.values()].map((answer) => answer.id).toSorted())
      const [before] = await tx.all(votesBetween, { ...range, voter_id: voterId })
      const same =
        before?.choice === input.choice && before.pane_id === paneId && before.answer_ids === answerIds
      if (same) return
      await tx.run(upsertVote, {
        id: newId(),
        comparison_id: id,
        turn_id: turnId,
        voter_id: voterId,
        choice: input.choice,
        pane_id: paneId,
        answer_ids: answerIds,
        voted_at: ctx.platform.clock.now(),
      })
      tx.audit('comparison.voted', { kind: 'comparison', id }, { turnId, choice: input.choice, paneId })
      tx.emit({
        kind: 'comparison',
        id,
        change: 'updated',
        ownerId: row.owner_id,
        visibility: row.visibility,
      })
    },
    { unaudited: 'the same vote again changes nothing' },
  )
  return readTurn(ctx, id, turnId)
}

import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { UniqueViolation } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { firstLine } from '../../platform/first-line.ts'
import { newId } from '../../platform/ids.ts'
import { write } from '../../platform/write.ts'
import { allTurns, answersBetween, insertTurn, runningIn, touchComparison } from './compare.repo.ts'
import type { ComparisonRow, TurnRow, TurnView } from './compare.tables.ts'
import { historyOf } from './history.ts'
import { indexTitle } from './index-title.ts'
import { comparisonFor, panesOf, sharedOf } from './load.ts'
import { type PreparedAnswer, prepareAnswer, storeAnswer } from './prepare-answer.ts'
import { readTurn } from './read-turns.ts'

/** Asks every pane the same; one that cannot be asked fails by itself, and can be retried. */
export async function sendTurn(
  ctx: Context,
  comparisonId: string,
  input: RouteHandlerInput<'compare.send'>['body'],
): Promise<TurnView> {
  const { db, clock } = ctx.platform
  const row = await comparisonFor(ctx, db.read, comparisonId, 'edit')
  if (panesOf(row).every((pane) => pane.modelId === null)) throw new AppError('compare.no-model')
  // Asked before what came so far is read: an answer that ends in between would be missing from it.
  const running = await db.read.all(runningIn, { comparison_id: comparisonId })
  if (running.length > 0) throw new AppError('compare.answer-running')
  const now = clock.now()
  const turn: TurnRow = { id: newId(), comparison_id: comparisonId, text: input.text, created_at: now }
  const answers = await preparePanes(ctx, row, turn)
  await refuseSecond(() =>
    write(ctx, async (tx) => {
      // Read again: it may have been renamed or put away since.
      const present = await comparisonFor(ctx, tx, comparisonId, 'edit')
      const title = present.title === '' ? firstLine(input.text, longestTitle) : present.title
      await tx.run(insertTurn, turn)
      for (const answer of answers) await storeAnswer(tx, answer, { comparisonId, turnId: turn.id, now })
      await tx.run(touchComparison, { id: comparisonId, title, used_at: now })
      if (title !== present.title) await indexTitle(tx, { id: comparisonId, ownerId: row.owner_id }, title)
      const models = answers.map((answer) => answer.row.model_id)
      tx.audit('comparison.asked', { kind: 'comparison', id: comparisonId }, { turnId: turn.id, models })
      tx.emit({
        kind: 'comparison',
        id: comparisonId,
        change: 'updated',
        ownerId: row.owner_id,
        visibility: present.visibility,
      })
    }),
  )
  return readTurn(ctx, comparisonId, turn.id)
}

/** A comparison is called after its first prompt until somebody names it. */
const longestTitle = 80

async function preparePanes(ctx: Context, row: ComparisonRow, turn: TurnRow): Promise<PreparedAnswer[]> {
  const { read } = ctx.platform.db
  const before = await read.all(allTurns, { comparison_id: row.id })
  const [first] = before
  const range = { comparison_id: row.id, from: first?.id ?? turn.id, to: turn.id }
  const given = first ? await read.all(answersBetween, range) : []
  const shared = sharedOf(row)
  return Promise.all(
    panesOf(row).map((pane) =>
      prepareAnswer(ctx, pane, shared, [
        ...historyOf(before, given, pane),
        { role: 'user', content: turn.text },
      ]),
    ),
  )
}

/** Two tabs, one comparison: a pane's second answer is refused while its first is being made. */
export async function refuseSecond<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof UniqueViolation) throw new AppError('compare.answer-running', {}, { cause: error })
    throw error
  }
}

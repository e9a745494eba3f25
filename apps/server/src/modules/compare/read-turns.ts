import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { actorUserId } from '../auth/index.ts'
import { usedPrompts } from '../prompts/index.ts'
import { answersBetween, turnById, votesBetween } from './compare.repo.ts'
import type { TurnRow, TurnView } from './compare.tables.ts'
import { presentTurn } from './present.ts'

/** Neighbouring prompts with their answers and the actor's votes, of a comparison that the actor was let into. */
export async function readTurns(
  ctx: Context,
  reader: Reader,
  comparisonId: string,
  turns: readonly TurnRow[],
): Promise<TurnView[]> {
  const from = turns[0]?.id
  const to = turns.at(-1)?.id
  if (from === undefined || to === undefined) return []
  const range = { comparison_id: comparisonId, from, to }
  const answers = await reader.all(answersBetween, range)
  const votes = await reader.all(votesBetween, { ...range, voter_id: actorUserId(ctx.actor) })
  const versions = answers.map((answer) => answer.g_prompt_version_id)
  const shown = { platform: ctx.platform, prompts: await usedPrompts(reader, versions) }
  return turns.map((turn) =>
    presentTurn(
      shown,
      turn,
      answers.filter((answer) => answer.turn_id === turn.id),
      votes.find((vote) => vote.turn_id === turn.id),
    ),
  )
}

/** One prompt with its answers as they stand now. */
export async function readTurn(ctx: Context, comparisonId: string, id: string): Promise<TurnView> {
  const { read } = ctx.platform.db
  const turn = await read.first(turnById, { comparison_id: comparisonId, id })
  const [view] = turn ? await readTurns(ctx, read, comparisonId, [turn]) : []
  if (!view) throw new AppError('compare.turn-not-found')
  return view
}

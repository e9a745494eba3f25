import type { ChatMessage } from '@anneal/providers'
import { type StoredPart, answerMessage } from '../generations/index.ts'
import type { AnswerWithGeneration, Pane, TurnRow } from './compare.tables.ts'
import { chosenOf } from './present.ts'

/**
 * What a pane has been asked and has answered so far, as its model gets it: the prompts that it was asked, with the
 * chosen try of each. Reasoning goes back to the model that it came from, to no other.
 */
export function historyOf(
  turns: readonly TurnRow[],
  answers: readonly AnswerWithGeneration[],
  pane: Pick<Pane, 'id' | 'modelId'>,
): ChatMessage[] {
  const own = answers.filter((answer) => answer.pane_id === pane.id)
  return turns.flatMap((turn): ChatMessage[] => {
    const chosen = chosenOf(own.filter((answer) => answer.turn_id === turn.id)).get(pane.id)
    if (!chosen) return []
    const asked: ChatMessage = { role: 'user', content: turn.text }
    const answer = answerMessage(partsFor(chosen, pane.modelId))
    return answer ? [asked, answer] : [asked]
  })
}

function partsFor(row: AnswerWithGeneration, modelId: string | null): StoredPart[] {
  const parts = JSON.parse(row.g_parts ?? '[]') as StoredPart[]
  return row.model_id === modelId ? parts : parts.filter((part) => part.type !== 'reasoning')
}

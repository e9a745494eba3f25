import type { ChatMessage } from '@anneal/providers'
import { answerMessage, type StoredPart } from '../generations/index.ts'
import type { MessageText } from './chat.repo.ts'

/** The way from the first message down to `leafId`, as a model gets it. Answers of which nothing came are left out. */
export function historyOf(tree: readonly MessageText[], leafId: string | null): ChatMessage[] {
  const byId = new Map(tree.map((row) => [row.id, row]))
  const path: MessageText[] = []
  for (
    let row = leafId ? byId.get(leafId) : undefined;
    row;
    row = row.parent_id ? byId.get(row.parent_id) : undefined
  ) {
    path.push(row)
  }
  return path.toReversed().flatMap((row) => {
    const message = row.generation_id === null ? userMessage(row) : answerMessage(partsOf(row))
    return message ? [message] : []
  })
}

function userMessage(row: MessageText): ChatMessage {
  return { role: 'user', content: row.text ?? '' }
}

function partsOf(row: MessageText): StoredPart[] {
  return row.g_parts ? (JSON.parse(row.g_parts) as StoredPart[]) : []
}

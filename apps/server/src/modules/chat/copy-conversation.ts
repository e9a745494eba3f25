import type { Context } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import type { WriteTx } from '../../platform/write.ts'
import { write } from '../../platform/write.ts'
import { actorUserId } from '../auth/index.ts'
import { copyGenerations } from '../generations/index.ts'
import {
  type ConversationRow,
  type MessageRow,
  insertConversation,
  insertMessage,
  messagesOf,
} from './chat.repo.ts'
import { indexTitle } from './index-title.ts'
import { conversationFor } from './own-conversation.ts'
import { type ConversationView, presentConversation } from './present.ts'

/** All that was said so far, under new ids in the same order; an answer that is still being made is left out. */
async function copyMessages(tx: WriteTx, rows: readonly MessageRow[], to: ConversationRow): Promise<void> {
  const answers = await copyGenerations(
    tx,
    rows.flatMap((row) => row.generation_id ?? []),
    { ownerId: to.owner_id, subjectId: to.id },
  )
  const ids = new Map<string, string>()
  for (const row of rows) {
    const generationId = row.generation_id === null ? null : answers.get(row.generation_id)
    if (generationId === undefined || (row.parent_id !== null && !ids.has(row.parent_id))) continue
    const id = newId()
    ids.set(row.id, id)
    const parentId = row.parent_id === null ? null : (ids.get(row.parent_id) ?? null)
    const copy = { id, parent_id: parentId, conversation_id: to.id, generation_id: generationId }
    await tx.run(insertMessage, { ...row, ...copy })
  }
}

/**
 * Makes a conversation of the actor's own from one that they may use.
 * @throws AppError `chat.conversation-not-found`.
 */
export async function copyConversation(ctx: Context, id: string): Promise<ConversationView> {
  const now = ctx.platform.clock.now()
  return write(ctx, async (tx) => {
    const source = await conversationFor(ctx, tx, id, 'use')
    const copy: ConversationRow = {
      ...source,
      id: newId(),
      owner_id: actorUserId(ctx.actor),
      visibility: 'private',
      version: 1,
      created_at: now,
      updated_at: now,
      used_at: now,
      live_generation_id: null,
    }
    await tx.run(insertConversation, copy)
    await copyMessages(tx, await tx.all(messagesOf, { conversation_id: id }), copy)
    await indexTitle(tx, { id: copy.id, ownerId: copy.owner_id }, copy.title)
    const target = { kind: 'conversation', id: copy.id }
    tx.audit('conversation.copied', target, { from: id })
    tx.emit({ ...target, change: 'created', ownerId: copy.owner_id, visibility: 'private' })
    return presentConversation(copy)
  })
}

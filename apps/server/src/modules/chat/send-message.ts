import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { UniqueViolation } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { firstLine } from '../../platform/first-line.ts'
import { newId } from '../../platform/ids.ts'
import { write } from '../../platform/write.ts'
import { answeringModel, insertAnswer, prepareAnswer, systemPromptOf } from './answer.ts'
import {
  type MessageText,
  type TreeNode,
  insertMessage,
  messageTree,
  touchConversation,
} from './chat.repo.ts'
import { indexTitle } from './index-title.ts'
import { loadPath } from './load-path.ts'
import { conversationFor } from './own-conversation.ts'
import { readMessage } from './read-message.ts'

/** Adds a message and, unless asked not to, starts its answer. */
export async function sendMessage(
  ctx: Context,
  conversationId: string,
  input: RouteHandlerInput<'chat.send'>['body'],
): Promise<RouteReply<'chat.send'>> {
  const { db, clock } = ctx.platform
  const row = await conversationFor(ctx, db.read, conversationId, 'edit')
  const model = input.answer ? await answeringModel(ctx, row, input.modelId) : null
  const tree = await db.read.all(messageTree, { conversation_id: conversationId })
  const id = newId()
  const parentId = parentOf(tree, input.parentId)
  const asked: MessageText = {
    id,
    parent_id: parentId,
    role: 'user',
    text: input.text,
    generation_id: null,
    g_parts: null,
  }
  const path = model && (await loadPath(db.read, conversationId, tree, parentId))
  const system = model && (await systemPromptOf(ctx, row))
  const prepared = model && path && system && prepareAnswer(ctx, row, model, system, [...path, asked], id)
  const now = clock.now()
  const answerId = await refuseSecond(() =>
    write(ctx, async (tx) => {
      // Read again: it may have been renamed or put away since, or its answer have ended.
      const present = await conversationFor(ctx, tx, conversationId, 'edit')
      const title = present.title === '' ? titleFrom(input.text) : present.title
      const liveId = prepared?.id ?? present.live_generation_id
      const { g_parts: _, ...question } = asked
      await tx.run(insertMessage, { ...question, conversation_id: conversationId, created_at: now })
      const answer = prepared && (await insertAnswer(tx, { prepared, conversationId, parentId: id, now }))
      await tx.run(touchConversation, {
        id: conversationId,
        title,
        model_id: model?.id ?? present.model_id,
        live_generation_id: liveId,
        used_at: now,
      })
      if (title !== present.title) await indexTitle(tx, { id: conversationId, ownerId: row.owner_id }, title)
      tx.audit(
        'message.sent',
        { kind: 'conversation', id: conversationId },
        { messageId: id, modelId: model?.id ?? null },
      )
      tx.emit({
        kind: 'conversation',
        id: conversationId,
        change: 'updated',
        ownerId: row.owner_id,
        visibility: present.visibility,
        data: { live: liveId !== null },
      })
      return answer
    }),
  )
  return {
    message: await readMessage(ctx, conversationId, id),
    answer: answerId ? await readMessage(ctx, conversationId, answerId) : null,
  }
}

/** The message that a new one follows: the one named, else the newest. */
function parentOf(tree: readonly TreeNode[], named: string | null | undefined): string | null {
  if (named === undefined) return tree.at(-1)?.id ?? null
  if (named !== null && !tree.some((message) => message.id === named)) {
    throw new AppError('chat.message-not-found')
  }
  return named
}

/** Two tabs, one conversation: the second answer is refused while the first is being made. */
export async function refuseSecond<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof UniqueViolation) throw new AppError('chat.answer-running', {}, { cause: error })
    throw error
  }
}

const longestTitle = 80

/** A conversation is called after its first line until somebody names it. */
export function titleFrom(text: string): string {
  return firstLine(text, longestTitle)
}

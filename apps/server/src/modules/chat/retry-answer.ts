import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { answeringModel, insertAnswer, prepareAnswer, systemPromptOf } from './answer.ts'
import { messageTree, touchConversation } from './chat.repo.ts'
import { loadPath } from './load-path.ts'
import { conversationFor } from './own-conversation.ts'
import type { MessageView } from './present.ts'
import { readMessage } from './read-message.ts'
import { refuseSecond } from './send-message.ts'

/** Answers a question again, beside the earlier answer. `messageId` is the question, or an answer to it. */
export async function retryAnswer(
  ctx: Context,
  params: RouteHandlerInput<'chat.retry'>['params'],
  input: RouteHandlerInput<'chat.retry'>['body'],
): Promise<MessageView> {
  const { db, clock } = ctx.platform
  const row = await conversationFor(ctx, db.read, params.id, 'edit')
  const model = await answeringModel(ctx, row, input.modelId)
  const tree = await db.read.all(messageTree, { conversation_id: params.id })
  const named = tree.find((message) => message.id === params.messageId)
  const questionId = named?.role === 'assistant' ? named.parent_id : named?.id
  if (!questionId) throw new AppError('chat.message-not-found')
  const path = await loadPath(db.read, params.id, tree, questionId)
  const prepared = prepareAnswer(ctx, row, model, await systemPromptOf(ctx, row), path, questionId)
  const now = clock.now()
  const id = await refuseSecond(() =>
    write(ctx, async (tx) => {
      // Read again: it may have been renamed or put away since.
      const { title, visibility } = await conversationFor(ctx, tx, params.id, 'edit')
      const answerId = await insertAnswer(tx, { prepared, conversationId: row.id, parentId: questionId, now })
      await tx.run(touchConversation, {
        id: row.id,
        title,
        model_id: model.id,
        live_generation_id: prepared.id,
        used_at: now,
      })
      tx.audit(
        'answer.retried',
        { kind: 'conversation', id: row.id },
        { messageId: questionId, modelId: model.id },
      )
      tx.emit({
        kind: 'conversation',
        id: row.id,
        change: 'updated',
        ownerId: row.owner_id,
        visibility,
        data: { live: true },
      })
      return answerId
    }),
  )
  return readMessage(ctx, row.id, id)
}

import { handlers } from '../../platform/http/index.ts'
import { copyConversation } from './copy-conversation.ts'
import { createConversation } from './create-conversation.ts'
import { deleteConversation, restoreConversation } from './delete-conversation.ts'
import { getConversation } from './get-conversation.ts'
import { listConversations } from './list-conversations.ts'
import { retryAnswer } from './retry-answer.ts'
import { sendMessage } from './send-message.ts'
import { updateConversation } from './update-conversation.ts'

export const chatRoutes = handlers('chat', {
  'chat.listConversations': (ctx, { query }) => listConversations(ctx, query),
  'chat.createConversation': (ctx, { body }) => createConversation(ctx, body),
  'chat.getConversation': (ctx, { params, query }) => getConversation(ctx, params.id, query),
  'chat.updateConversation': (ctx, { params, body }) => updateConversation(ctx, params.id, body),
  'chat.deleteConversation': (ctx, { params }) => deleteConversation(ctx, params.id),
  'chat.restoreConversation': (ctx, { params }) => restoreConversation(ctx, params.id),
  'chat.send': (ctx, { params, body }) => sendMessage(ctx, params.id, body),
  'chat.copyConversation': (ctx, { params }) => copyConversation(ctx, params.id),
  'chat.retry': (ctx, { params, body }) => retryAnswer(ctx, params, body),
})

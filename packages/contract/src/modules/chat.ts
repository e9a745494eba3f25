import { z } from 'zod'
import { resourceActions } from '../core/permissions.ts'
import { route } from '../core/route.ts'
import { id, idParams, listOf, page, timestamp, version, visibility } from '../core/scalars.ts'
import { answerPart, generationState, meter, problem } from './generations.ts'
import { parameters } from './parameters.ts'
import { promptChoice, usedPrompt } from './prompts.ts'

const title = z.string().trim().min(1).max(200)
const systemPrompt = z.string().max(100_000)

export const conversationSummary = z.object({
  id,
  title: z.string(),
  modelId: id.nullable(),
  modelName: z.string().nullable(),
  updatedAt: timestamp,
  /** An answer is in the making. */
  live: z.boolean(),
})

export const message = z.object({
  id,
  parentId: id.nullable(),
  role: z.enum(['user', 'assistant']),
  /** A user's text; of an answer the parts as they came. */
  parts: z.array(answerPart),
  createdAt: timestamp,
  /** Of an answer only. */
  answer: z
    .object({
      generationId: id,
      state: generationState,
      seq: z.number().int(),
      modelId: id.nullable(),
      modelName: z.string(),
      /** The version of a prompt that it was made with. */
      prompt: usedPrompt.nullable(),
      meter,
      finishReason: z.string().nullable(),
      error: problem.nullable(),
      warnings: z.array(problem),
    })
    .nullable(),
})

/** What the asker may do with it: those whom it is shared with read it and copy it. */
const may = z.array(z.enum(resourceActions))

export const conversation = z.object({
  id,
  ownerId: id,
  visibility,
  version,
  title: z.string(),
  modelId: id.nullable(),
  systemPrompt: z.string(),
  /** In place of the system prompt. */
  prompt: promptChoice.nullable(),
  parameters,
  createdAt: timestamp,
  updatedAt: timestamp,
})

export const chatRoutes = {
  'chat.listConversations': route({
    method: 'GET',
    path: '/api/v1/conversations',
    permission: 'chat.use',
    summary: "The asker's conversations, the last used first; `search` looks in titles",
    query: page.extend({ search: z.string().max(200).optional() }),
    reply: listOf(conversationSummary),
  }),
  'chat.createConversation': route({
    method: 'POST',
    path: '/api/v1/conversations',
    permission: 'chat.use',
    summary: 'Starts a conversation',
    body: z.object({
      title: title.optional(),
      modelId: id.nullable().default(null),
      systemPrompt: systemPrompt.default(''),
      prompt: promptChoice.nullable().default(null),
      parameters: parameters.default({}),
    }),
    reply: conversation,
    status: 201,
    idempotent: true,
  }),
  'chat.getConversation': route({
    method: 'GET',
    path: '/api/v1/conversations/:id',
    permission: 'chat.use',
    summary: 'A conversation with its newest messages, oldest first; `before` pages back',
    params: idParams,
    query: z.object({
      before: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(60),
    }),
    reply: z.object({
      conversation,
      messages: z.array(message),
      earlierCursor: z.string().nullable(),
      ownerName: z.string(),
      may,
    }),
  }),
  'chat.updateConversation': route({
    method: 'PATCH',
    path: '/api/v1/conversations/:id',
    permission: 'chat.use',
    summary: 'Renames it, or changes its model, system prompt or parameters',
    params: idParams,
    body: z.object({
      version,
      title: title.optional(),
      modelId: id.nullable().optional(),
      systemPrompt: systemPrompt.optional(),
      prompt: promptChoice.nullable().optional(),
      parameters: parameters.optional(),
    }),
    reply: conversation,
  }),
  'chat.deleteConversation': route({
    method: 'DELETE',
    path: '/api/v1/conversations/:id',
    permission: 'chat.use',
    summary: 'Deletes a conversation; can be undone',
    params: idParams,
    replyKind: 'empty',
  }),
  'chat.restoreConversation': route({
    method: 'POST',
    path: '/api/v1/conversations/:id/restore',
    permission: 'chat.use',
    summary: 'Undoes the deletion',
    params: idParams,
    reply: conversation,
  }),
  'chat.send': route({
    method: 'POST',
    path: '/api/v1/conversations/:id/messages',
    permission: 'chat.use',
    summary: 'Adds a message and starts the answer; its deltas come by socket or by generations.stream',
    params: idParams,
    body: z.object({
      text: z.string().trim().min(1).max(1_000_000),
      /** The message it follows; the newest where absent. */
      parentId: id.nullable().optional(),
      modelId: id.optional(),
      /** False: the message is only stored. */
      answer: z.boolean().default(true),
    }),
    reply: z.object({ message, answer: message.nullable() }),
    status: 201,
    idempotent: true,
    errors: ['chat.no-model', 'chat.answer-running'],
  }),
  'chat.copyConversation': route({
    method: 'POST',
    path: '/api/v1/conversations/:id/copy',
    permission: 'chat.use',
    summary: 'Makes a conversation of one’s own from a shared one, with all that was said in it so far',
    params: idParams,
    reply: conversation,
    status: 201,
    idempotent: true,
  }),
  'chat.retry': route({
    method: 'POST',
    path: '/api/v1/conversations/:id/messages/:messageId/retry',
    permission: 'chat.use',
    summary: 'Answers a message again, beside the earlier answer',
    params: z.object({ id, messageId: id }),
    body: z.object({ modelId: id.optional() }),
    reply: message,
    status: 201,
    idempotent: true,
  }),
}

import type { Module } from '../../platform/http/index.ts'
import { declareRemoval } from '../auth/index.ts'
import { deleteConversation } from './delete-conversation.ts'
import { onGenerationEnd, onGenerationRead } from '../generations/index.ts'
import { chatMigrations } from './chat.migrations.ts'
import { clearLive, conversationById } from './chat.repo.ts'
import { chatRoutes } from './chat.routes.ts'
import './prompt-uses.ts'

/** The conversation shows no more that an answer is being made, in the transaction that ends the answer. */
onGenerationEnd('chat', async (tx, ended) => {
  if (!ended.subjectId) return
  const row = await tx.first(conversationById, { id: ended.subjectId })
  await tx.run(clearLive, { id: ended.subjectId, live_generation_id: ended.id })
  tx.emit({
    kind: 'conversation',
    id: ended.subjectId,
    change: 'updated',
    ownerId: ended.userId,
    visibility: row?.visibility ?? 'private',
    data: { live: false, state: ended.state },
  })
})

/** Whoever may read the conversation may read its answers, those in the making too. */
onGenerationRead('chat', async (_reader, { subject_id: id }) => id && { kind: 'conversation', id })

declareRemoval('conversation', deleteConversation)

export const chatModule: Module = { name: 'chat', migrations: chatMigrations, routes: chatRoutes }

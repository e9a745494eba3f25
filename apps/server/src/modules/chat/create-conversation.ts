import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { write } from '../../platform/write.ts'
import { actorUserId } from '../auth/index.ts'
import { modelFor } from '../models/index.ts'
import { chosenVersion } from '../prompts/index.ts'
import { type ConversationRow, insertConversation } from './chat.repo.ts'
import { indexTitle } from './index-title.ts'
import { type ConversationView, presentConversation } from './present.ts'
import { promptColumns } from './prompt-choice.ts'

/** Starts an empty conversation of the actor's own. @throws AppError `models.not-found` for a model that is not theirs to use. */
export async function createConversation(
  ctx: Context,
  input: RouteHandlerInput<'chat.createConversation'>['body'],
): Promise<ConversationView> {
  const now = ctx.platform.clock.now()
  const row: ConversationRow = {
    id: newId(),
    owner_id: actorUserId(ctx.actor),
    visibility: 'private',
    version: 1,
    created_at: now,
    updated_at: now,
    deleted_at: null,
    title: input.title ?? '',
    model_id: input.modelId,
    system_prompt: input.systemPrompt,
    ...promptColumns(input.prompt),
    parameters: JSON.stringify(input.parameters),
    live_generation_id: null,
    used_at: now,
  }
  await write(ctx, async (tx) => {
    if (row.model_id !== null) await modelFor(ctx, tx, row.model_id, 'use')
    if (input.prompt) await chosenVersion(ctx, tx, input.prompt)
    await tx.run(insertConversation, row)
    await indexTitle(tx, { id: row.id, ownerId: row.owner_id }, row.title)
    tx.audit('conversation.created', { kind: 'conversation', id: row.id })
    tx.emit({
      kind: 'conversation',
      id: row.id,
      change: 'created',
      ownerId: row.owner_id,
      visibility: 'private',
    })
  })
  return presentConversation(row)
}

import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { modelFor } from '../models/index.ts'
import { chosenVersion } from '../prompts/index.ts'
import { type ConversationRow, updateConversationRow } from './chat.repo.ts'
import { indexTitle } from './index-title.ts'
import { conversationFor } from './own-conversation.ts'
import { type ConversationView, presentConversation } from './present.ts'
import { promptColumns } from './prompt-choice.ts'

/** Renames a conversation or changes what its next answer is made with. A stale version answers 409 with what is there now. */
export async function updateConversation(
  ctx: Context,
  id: string,
  input: RouteHandlerInput<'chat.updateConversation'>['body'],
): Promise<ConversationView> {
  return write(ctx, async (tx) => {
    const row = await conversationFor(ctx, tx, id, 'edit')
    if (input.modelId) await modelFor(ctx, tx, input.modelId, 'use')
    if (input.prompt) await chosenVersion(ctx, tx, input.prompt)
    const next: ConversationRow = {
      ...row,
      title: input.title ?? row.title,
      model_id: input.modelId === undefined ? row.model_id : input.modelId,
      system_prompt: input.systemPrompt ?? row.system_prompt,
      ...(input.prompt === undefined ? {} : promptColumns(input.prompt)),
      parameters: input.parameters ? JSON.stringify(input.parameters) : row.parameters,
      updated_at: ctx.platform.clock.now(),
    }
    const { changes } = await tx.run(updateConversationRow, { ...next, version: input.version })
    if (changes === 0) {
      // Read again: whoever was first has been stored since.
      const current = await conversationFor(ctx, tx, id, 'edit')
      throw new AppError('platform.stale-version', {}, { current: presentConversation(current) })
    }
    if (next.title !== row.title) await indexTitle(tx, { id, ownerId: row.owner_id }, next.title)
    const changed = Object.keys(input).filter((key) => key !== 'version')
    tx.audit('conversation.updated', { kind: 'conversation', id }, { changed })
    tx.emit({
      kind: 'conversation',
      id,
      change: 'updated',
      ownerId: row.owner_id,
      visibility: row.visibility,
    })
    return presentConversation({ ...next, version: row.version + 1 })
  })
}

import type { Context } from '../../platform/context.ts'
import { write } from '../../platform/write.ts'
import { stopGeneration } from '../generations/index.ts'
import { markDeleted } from './chat.repo.ts'
import { conversationFor } from './own-conversation.ts'
import { type ConversationView, presentConversation } from './present.ts'

/** Puts a conversation away; an answer that is being made is stopped, what was received of it stays. */
export async function deleteConversation(ctx: Context, id: string): Promise<void> {
  const live = await write(ctx, async (tx) => {
    const row = await conversationFor(ctx, tx, id, 'manage')
    const now = ctx.platform.clock.now()
    await tx.run(markDeleted, { id, deleted_at: now, updated_at: now })
    tx.audit('conversation.deleted', { kind: 'conversation', id })
    tx.emit({
      kind: 'conversation',
      id,
      change: 'deleted',
      ownerId: row.owner_id,
      visibility: row.visibility,
    })
    return row.live_generation_id
  })
  if (live) await stopGeneration(ctx, live)
}

/** Undoes the deletion. */
export async function restoreConversation(ctx: Context, id: string): Promise<ConversationView> {
  return write(ctx, async (tx) => {
    const row = await conversationFor(ctx, tx, id, 'manage', { deleted: true })
    const now = ctx.platform.clock.now()
    await tx.run(markDeleted, { id, deleted_at: null, updated_at: now })
    tx.audit('conversation.restored', { kind: 'conversation', id })
    tx.emit({
      kind: 'conversation',
      id,
      change: 'restored',
      ownerId: row.owner_id,
      visibility: row.visibility,
    })
    return presentConversation({ ...row, deleted_at: null, updated_at: now, version: row.version + 1 })
  })
}

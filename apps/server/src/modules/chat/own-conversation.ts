import type { ResourceAction } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { declareResource, requireAccess } from '../auth/index.ts'
import { type ConversationRow, conversationById } from './chat.repo.ts'

declareResource({ kind: 'conversation', table: 'conversation', nameColumn: 'title' })

/** The conversation, if the actor may do `action` with it; 404 for anyone who may not even read it. */
export async function conversationFor(
  ctx: Context,
  reader: Reader,
  id: string,
  action: ResourceAction,
  options: { deleted?: boolean } = {},
): Promise<ConversationRow> {
  const row = await reader.first(conversationById, { id })
  if (!row || (row.deleted_at !== null) !== (options.deleted ?? false)) {
    throw new AppError('chat.conversation-not-found')
  }
  await requireAccess(ctx, reader, action, 'conversation', row, 'chat.conversation-not-found')
  return row
}

import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { usedPrompts } from '../prompts/index.ts'
import { messageById } from './chat.repo.ts'
import { type MessageView, presentMessage } from './present.ts'

/** One message of a conversation that the caller has been let into. */
export async function readMessage(ctx: Context, conversationId: string, id: string): Promise<MessageView> {
  const row = await ctx.platform.db.read.first(messageById, { conversation_id: conversationId, id })
  if (!row) throw new AppError('chat.message-not-found')
  return presentMessage(ctx.platform, row, await usedPrompts(ctx.platform.db.read, [row.g_prompt_version_id]))
}

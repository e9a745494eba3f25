import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { aboutReadable } from '../auth/index.ts'
import { usedPrompts } from '../prompts/index.ts'
import { messagesBefore } from './chat.repo.ts'
import { conversationFor } from './own-conversation.ts'
import { presentConversation, presentMessage } from './present.ts'

/** Above every id: they are hexadecimal. */
const pastTheEnd = 'g'

/** A conversation with its newest messages (or those before a message), oldest first. */
export async function getConversation(
  ctx: Context,
  id: string,
  query: RouteHandlerInput<'chat.getConversation'>['query'],
): Promise<RouteReply<'chat.getConversation'>> {
  const { platform } = ctx
  const row = await conversationFor(ctx, platform.db.read, id, 'read')
  const rows = await platform.db.read.all(messagesBefore, {
    conversation_id: id,
    before: query.before ?? pastTheEnd,
    limit: query.limit + 1,
  })
  const shown = rows.slice(0, query.limit).toReversed()
  const prompts = await usedPrompts(
    platform.db.read,
    shown.map((message) => message.g_prompt_version_id),
  )
  const about = await aboutReadable(ctx, platform.db.read, 'conversation', row)
  return {
    ...about,
    conversation: presentConversation(row),
    messages: shown.map((message) => presentMessage(platform, message, prompts)),
    earlierCursor: rows.length > query.limit ? (shown[0]?.id ?? null) : null,
  }
}

import { z } from 'zod'
import { defineSetting } from '../../../platform/settings/index.ts'

/** Whether holders of `conversations.others` may open another's conversation, saying why. */
export const readOthersConversations = defineSetting({
  key: 'privacy.readOthersConversations',
  schema: z.boolean(),
  default: false,
})

export const accessSettings = [readOthersConversations]

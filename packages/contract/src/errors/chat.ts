export const chatErrors = {
  'chat.conversation-not-found': 404,
  'chat.message-not-found': 404,
  'chat.no-model': 409,
  'chat.answer-running': 409,
} as const

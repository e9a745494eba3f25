export const compareErrors = {
  'compare.not-found': 404,
  'compare.turn-not-found': 404,
  'compare.pane-not-found': 404,
  'compare.answer-not-found': 404,
  'compare.no-model': 409,
  'compare.answer-running': 409,
  'compare.turn-closed': 409,
  'compare.vote-closed': 409,
  'compare.vote-needs-two': 409,
} as const

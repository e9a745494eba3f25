export const promptErrors = {
  'prompts.not-found': 404,
  'prompts.version-not-found': 404,
  'prompts.no-production': 409,
  'prompts.name-taken': 409,
  'prompts.too-long': 422,
  'prompts.variable-missing': 422,
  'prompts.variable-unknown': 422,
  'prompts.version-archived': 409,
  'prompts.version-labelled': 409,
} as const

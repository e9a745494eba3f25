export const modelErrors = {
  'models.connection-not-found': 404,
  'models.not-found': 404,
  'models.name-taken': 409,
  'models.connection-name-taken': 409,
  'models.managed': 409,
  'models.off': 409,
  'models.already-added': 409,
  'models.disabled': 409,
  'models.not-ollama': 409,
  'models.other-node': 409,
} as const

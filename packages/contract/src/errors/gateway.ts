export const gatewayErrors = {
  'gateway.bad-key': 401,
  'gateway.model-not-found': 404,
  'gateway.one-choice': 400,
  'gateway.bad-image': 400,
  'gateway.not-for-chat': 400,
  'gateway.not-for-embeddings': 400,
  'gateway.no-embeddings': 400,
  'gateway.no-token-numbers': 400,
  'gateway.caller-gone': 499,
} as const

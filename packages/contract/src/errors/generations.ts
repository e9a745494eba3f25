export const generationErrors = {
  'generations.not-found': 404,
  'generations.interrupted': 503,
  'generations.too-many': 429,
} as const

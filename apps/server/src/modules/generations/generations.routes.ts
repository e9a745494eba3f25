import { handlers } from '../../platform/http/index.ts'
import { streamGeneration } from './follow-generation.ts'
import { getGeneration } from './read-generation.ts'
import { startGeneration } from './start-generation.ts'
import { stopGeneration } from './stop-generation.ts'

export const generationsRoutes = handlers('generations', {
  'generations.get': (ctx, { params }) => getGeneration(ctx, params.id),
  'generations.stream': (ctx, { params }, io) =>
    streamGeneration(ctx, params.id, Number(io.headers['last-event-id'] ?? 0) || 0),
  'generations.stop': (ctx, { params }) => stopGeneration(ctx, params.id),
  'generations.start': (ctx, { body }) => startGeneration(ctx, body),
})

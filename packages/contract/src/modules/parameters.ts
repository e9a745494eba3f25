import { z } from 'zod'

/** What a call may set on top of a model's own defaults. */
export const parameters = z.object({
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().min(0).max(1).optional(),
  maxTokens: z.number().int().min(1).max(1_000_000).optional(),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .optional(),
  stop: z.array(z.string().min(1).max(100)).max(4).optional(),
  reasoningEffort: z.enum(['low', 'medium', 'high']).optional(),
})

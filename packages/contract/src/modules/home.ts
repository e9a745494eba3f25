import { z } from 'zod'
import { route } from '../core/route.ts'
import { id, timestamp } from '../core/scalars.ts'

export const checklistSteps = ['sign-in', 'connect', 'chat', 'dataset', 'train', 'deploy', 'talk'] as const

export const homeRoutes = {
  'home.get': route({
    method: 'GET',
    path: '/api/v1/home',
    permission: 'signed-in',
    summary: 'The path to an own model, what runs now, and the last conversations',
    reply: z.object({
      checklist: z.array(
        z.object({
          step: z.enum(checklistSteps),
          done: z.boolean(),
          /** 0 to 1 for a step that is under way. */
          progress: z.number().nullable(),
          /** A message key under `home.facts` and its parameters. */
          fact: z
            .object({ key: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) })
            .nullable(),
          /** Where the step is done, or what it made. */
          link: z.string(),
        }),
      ),
      dismissed: z.boolean(),
      running: z.array(
        z.object({
          id,
          name: z.string(),
          state: z.string(),
          step: z.number().int(),
          steps: z.number().int(),
          secondsLeft: z.number().nullable(),
          loss: z.number().nullable(),
        }),
      ),
      conversations: z.array(
        z.object({ id, title: z.string(), modelName: z.string().nullable(), updatedAt: timestamp }),
      ),
      models: z.array(
        z.object({
          id,
          name: z.string(),
          provider: z.string(),
          health: z.string(),
          firstTokenMs: z.number().nullable(),
          tokensPerSecond: z.number().nullable(),
        }),
      ),
    }),
  }),
  'home.dismissChecklist': route({
    method: 'POST',
    path: '/api/v1/home/checklist',
    permission: 'signed-in',
    summary: 'Folds the checklist away, or brings it back',
    body: z.object({ dismissed: z.boolean() }),
    replyKind: 'empty',
  }),
}

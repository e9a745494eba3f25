import { z } from 'zod'
import { route } from '../core/route.ts'
import { id, page, timestamp } from '../core/scalars.ts'
import { problem } from './generations.ts'

export const checklistSteps = ['sign-in', 'connect', 'chat', 'dataset', 'train', 'deploy', 'talk'] as const

export const noticeKinds = [
  'run-succeeded',
  'run-stopped',
  'run-failed',
  'model-failing',
  'deployment-failed',
  'opened-by-other',
  'shared-with-you',
] as const

/** Something that happened while the person looked elsewhere. */
export const notice = z.object({
  id,
  kind: z.enum(noticeKinds),
  /** What it is about, by the name it had. */
  name: z.string(),
  problem: problem.nullable(),
  link: z.string(),
  at: timestamp,
  readAt: timestamp.nullable(),
})

export const foundKinds = [
  'conversation',
  'comparison',
  'prompt',
  'dataset',
  'training-run',
  'project',
  'tracked-run',
  'model',
  'deployment',
  'user',
] as const

/** Something that a search by name has found. */
export const found = z.object({
  kind: z.enum(foundKinds),
  id,
  name: z.string(),
  /** A state or a figure that tells it apart; a text key with its parameters. */
  fact: z
    .object({ key: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) })
    .nullable(),
  link: z.string(),
})

export const homeRoutes = {
  'home.notices': route({
    method: 'GET',
    path: '/api/v1/notices',
    permission: 'signed-in',
    summary: "The asker's notices, newest first, and how many are unread",
    query: page,
    reply: z.object({
      items: z.array(notice),
      nextCursor: z.string().nullable(),
      unread: z.number().int(),
    }),
  }),
  'home.readNotices': route({
    method: 'POST',
    path: '/api/v1/notices/read',
    permission: 'signed-in',
    summary: 'Marks notices as read; without ids all of them',
    body: z.object({ ids: z.array(id).min(1).max(200).optional() }),
    replyKind: 'empty',
  }),
  'home.search': route({
    method: 'GET',
    path: '/api/v1/search',
    permission: 'signed-in',
    summary: 'What the asker may see, by name: at most a handful of each kind',
    query: z.object({
      q: z.string().trim().min(1).max(200),
      kind: z.enum(foundKinds).optional(),
    }),
    reply: z.object({ items: z.array(found) }),
  }),
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
      /** Unread notices of what went wrong, newest first. */
      needs: z.array(notice),
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

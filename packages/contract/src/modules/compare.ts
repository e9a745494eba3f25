import { z } from 'zod'
import { resourceActions } from '../core/permissions.ts'
import { route } from '../core/route.ts'
import { id, idParams, listOf, page, timestamp, version, visibility } from '../core/scalars.ts'
import { answerPart, generationState, meter, problem } from './generations.ts'
import { parameters } from './parameters.ts'
import { promptChoice, usedPrompt } from './prompts.ts'

const title = z.string().trim().min(1).max(200)
const system = z.string().max(100_000)

/** What all panes are asked with that have nothing of their own. A prompt goes before a system text. */
export const sharedSettings = z.object({
  parameters,
  system,
  prompt: promptChoice.nullable(),
})

/** One model beside others. Null takes what is shared; a text or prompt of its own stands for both of the shared. */
export const pane = z.object({
  id,
  modelId: id.nullable(),
  parameters: parameters.nullable(),
  system: system.nullable(),
  prompt: promptChoice.nullable(),
})

/** A pane as it is written: without an id it is a new one. */
const paneInput = z.object({
  id: id.optional(),
  modelId: id.nullable().default(null),
  parameters: parameters.nullable().default(null),
  system: system.nullable().default(null),
  prompt: promptChoice.nullable().default(null),
})
const panesInput = z.array(paneInput).min(1).max(3)

export const comparison = z.object({
  id,
  ownerId: id,
  visibility,
  version,
  title: z.string(),
  shared: sharedSettings,
  panes: z.array(pane),
  createdAt: timestamp,
  updatedAt: timestamp,
})

export const comparisonSummary = z.object({
  id,
  title: z.string(),
  /** Names of its panes' models, in order; null for one that is gone or not chosen. */
  models: z.array(z.string().nullable()),
  updatedAt: timestamp,
  /** At least one pane is answering. */
  live: z.boolean(),
})

/** One pane's answer to one prompt; answers to the same prompt in the same pane are tries. */
export const paneAnswer = z.object({
  id,
  paneId: id,
  /** The try that is shown, and that the pane goes on from. */
  chosen: z.boolean(),
  /** Null where the model could not be called at all. */
  generationId: id.nullable(),
  modelId: id.nullable(),
  modelName: z.string(),
  /** The version of a prompt that was its system message. */
  prompt: usedPrompt.nullable(),
  state: generationState,
  parts: z.array(answerPart),
  seq: z.number().int(),
  meter,
  finishReason: z.string().nullable(),
  error: problem.nullable(),
  warnings: z.array(problem),
  createdAt: timestamp,
})

export const voteChoice = z.discriminatedUnion('choice', [
  z.object({ choice: z.literal('pane'), paneId: id }),
  z.object({ choice: z.literal('tie') }),
  z.object({ choice: z.literal('all-bad') }),
])

export const comparisonTurn = z.object({
  id,
  text: z.string(),
  createdAt: timestamp,
  answers: z.array(paneAnswer),
  /** The asker's own vote. */
  vote: z
    .object({ choice: z.enum(['pane', 'tie', 'all-bad']), paneId: id.nullable(), votedAt: timestamp })
    .nullable(),
})

export const compareRoutes = {
  'compare.list': route({
    method: 'GET',
    path: '/api/v1/comparisons',
    permission: 'compare.use',
    summary: "The asker's comparisons, the last used first; `search` looks in titles",
    query: page.extend({ search: z.string().max(200).optional() }),
    reply: listOf(comparisonSummary),
  }),
  'compare.create': route({
    method: 'POST',
    path: '/api/v1/comparisons',
    permission: 'compare.use',
    summary: 'Starts a comparison of one, two or three models',
    body: z.object({
      title: title.optional(),
      shared: z
        .object({
          parameters: parameters.default({}),
          system: system.default(''),
          prompt: promptChoice.nullable().default(null),
        })
        .default({ parameters: {}, system: '', prompt: null }),
      panes: panesInput,
    }),
    reply: comparison,
    status: 201,
    idempotent: true,
  }),
  'compare.get': route({
    method: 'GET',
    path: '/api/v1/comparisons/:id',
    permission: 'compare.use',
    summary: 'A comparison with its newest prompts and their answers, oldest first; `before` pages back',
    params: idParams,
    query: z.object({
      before: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(100).default(30),
    }),
    reply: z.object({
      comparison,
      turns: z.array(comparisonTurn),
      earlierCursor: z.string().nullable(),
      ownerName: z.string(),
      /** Those whom it is shared with read it. */
      may: z.array(z.enum(resourceActions)),
    }),
  }),
  'compare.update': route({
    method: 'PATCH',
    path: '/api/v1/comparisons/:id',
    permission: 'compare.use',
    summary: 'Renames it, or changes its panes or what they share; holds from the next prompt on',
    params: idParams,
    body: z.object({
      version,
      title: title.optional(),
      shared: sharedSettings.optional(),
      panes: panesInput.optional(),
    }),
    reply: comparison,
    errors: ['compare.pane-not-found'],
  }),
  'compare.delete': route({
    method: 'DELETE',
    path: '/api/v1/comparisons/:id',
    permission: 'compare.use',
    summary: 'Deletes a comparison; can be undone',
    params: idParams,
    replyKind: 'empty',
  }),
  'compare.restore': route({
    method: 'POST',
    path: '/api/v1/comparisons/:id/restore',
    permission: 'compare.use',
    summary: 'Undoes the deletion',
    params: idParams,
    reply: comparison,
  }),
  'compare.send': route({
    method: 'POST',
    path: '/api/v1/comparisons/:id/turns',
    permission: 'compare.use',
    summary: 'Asks every pane; a model that cannot be called fails in its own pane alone',
    params: idParams,
    body: z.object({ text: z.string().trim().min(1).max(1_000_000) }),
    reply: comparisonTurn,
    status: 201,
    idempotent: true,
    errors: ['compare.no-model', 'compare.answer-running'],
  }),
  'compare.retry': route({
    method: 'POST',
    path: '/api/v1/comparisons/:id/turns/:turnId/panes/:paneId/retry',
    permission: 'compare.use',
    summary: 'Asks one pane the newest prompt again, beside its earlier answer',
    params: z.object({ id, turnId: id, paneId: id }),
    reply: comparisonTurn,
    status: 201,
    idempotent: true,
    errors: ['compare.turn-closed', 'compare.answer-running', 'compare.pane-not-found'],
  }),
  'compare.choose': route({
    method: 'POST',
    path: '/api/v1/comparisons/:id/turns/:turnId/answers/:answerId/choose',
    permission: 'compare.use',
    summary: 'Takes one of several tries as the answer that its pane goes on from',
    params: z.object({ id, turnId: id, answerId: id }),
    reply: comparisonTurn,
    errors: ['compare.turn-closed', 'compare.answer-not-found'],
  }),
  'compare.vote': route({
    method: 'PUT',
    path: '/api/v1/comparisons/:id/turns/:turnId/vote',
    permission: 'compare.use',
    summary: 'Says which answer is best, or that none is; may be changed until the next prompt',
    params: z.object({ id, turnId: id }),
    body: voteChoice,
    reply: comparisonTurn,
    errors: ['compare.vote-closed', 'compare.vote-needs-two', 'compare.pane-not-found'],
  }),
  'compare.stop': route({
    method: 'POST',
    path: '/api/v1/comparisons/:id/stop',
    permission: 'compare.use',
    summary: 'Stops every answer that is being made; what was received is kept',
    params: idParams,
    replyKind: 'empty',
  }),
}

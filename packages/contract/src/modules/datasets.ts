import { z } from 'zod'
import { route } from '../core/route.ts'
import {
  id,
  idParams,
  listOf,
  name,
  page,
  resourceFields,
  timestamp,
  version,
  visibility,
} from '../core/scalars.ts'
import { problem } from './generations.ts'

export const datasetFormat = z.enum(['messages', 'prompt-completion', 'alpaca', 'sharegpt'])
export const datasetState = z.enum(['checking', 'ready', 'failed'])

export const dataset = z.object({
  ...resourceFields,
  name: z.string(),
  state: datasetState,
  /** 0 to 1 while it is checked. */
  progress: z.number(),
  error: problem.nullable(),
  format: datasetFormat.nullable(),
  bytes: z.number().int(),
  rows: z.number().int(),
  badRows: z.number().int(),
  /** Why rows were set aside, most frequent first, with the first few of each. */
  reasons: z.array(z.object({ code: z.string(), count: z.number().int(), rows: z.array(z.number().int()) })),
  checkedAt: timestamp.nullable(),
  versionId: id,
  versionNumber: z.number().int(),
  sample: z.boolean(),
})

export const datasetMessage = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string(),
  reasoning: z.string().optional(),
})

export const datasetRoutes = {
  'datasets.list': route({
    method: 'GET',
    path: '/api/v1/datasets',
    permission: 'datasets.read',
    summary: 'Datasets that the asker may see, newest first',
    query: page.extend({
      state: datasetState.optional(),
      format: datasetFormat.optional(),
      search: z.string().max(200).optional(),
    }),
    reply: listOf(dataset),
  }),
  'datasets.upload': route({
    method: 'POST',
    path: '/api/v1/datasets',
    permission: 'datasets.write',
    summary: 'Uploads JSONL as the raw body; it is streamed to disk and checked row by row afterwards',
    query: z.object({ name, visibility: visibility.default('private') }),
    bodyKind: 'stream',
    bodyLimit: 20 * 2 ** 30,
    reply: dataset,
    status: 201,
    errors: ['datasets.empty', 'datasets.cut-off', 'datasets.too-large', 'datasets.no-space'],
  }),
  'datasets.addSample': route({
    method: 'POST',
    path: '/api/v1/datasets/sample',
    permission: 'datasets.write',
    summary: 'Adds the sample dataset that the product brings',
    reply: dataset,
    status: 201,
    idempotent: true,
  }),
  'datasets.get': route({
    method: 'GET',
    path: '/api/v1/datasets/:id',
    permission: 'datasets.read',
    summary: 'One dataset',
    params: idParams,
    reply: dataset,
  }),
  'datasets.rows': route({
    method: 'GET',
    path: '/api/v1/datasets/:id/rows',
    permission: 'datasets.read',
    summary: 'Good rows as conversations, from a row number (its line in the file) on',
    params: idParams,
    query: z.object({
      from: z.coerce.number().int().min(1).default(1),
      /** In place of `from`: how many good rows to leave out. */
      skip: z.coerce.number().int().min(0).optional(),
      limit: z.coerce.number().int().min(1).max(100).default(50),
    }),
    reply: z.object({
      items: z.array(
        z.object({
          row: z.number().int(),
          /** Its place among the good rows, from 1. */
          position: z.number().int(),
          title: z.string(),
          messages: z.array(datasetMessage),
        }),
      ),
      next: z.number().int().nullable(),
    }),
    errors: ['datasets.not-ready'],
  }),
  'datasets.badRows': route({
    method: 'GET',
    path: '/api/v1/datasets/:id/bad-rows',
    permission: 'datasets.read',
    summary: 'Rows that were set aside: number, reason, the beginning of the line',
    params: idParams,
    query: page,
    reply: listOf(z.object({ row: z.number().int(), reason: problem, excerpt: z.string() })),
  }),
  'datasets.update': route({
    method: 'PATCH',
    path: '/api/v1/datasets/:id',
    permission: 'datasets.write',
    summary: 'Renames it or changes who sees it',
    params: idParams,
    body: z.object({ version, name: name.optional(), visibility: visibility.optional() }),
    reply: dataset,
  }),
  'datasets.check': route({
    method: 'POST',
    path: '/api/v1/datasets/:id/check',
    permission: 'datasets.write',
    summary: 'Checks it again',
    params: idParams,
    reply: dataset,
  }),
  'datasets.delete': route({
    method: 'DELETE',
    path: '/api/v1/datasets/:id',
    permission: 'datasets.write',
    summary: 'Deletes a dataset; can be undone',
    params: idParams,
    replyKind: 'empty',
  }),
  'datasets.restore': route({
    method: 'POST',
    path: '/api/v1/datasets/:id/restore',
    permission: 'datasets.write',
    summary: 'Undoes the deletion',
    params: idParams,
    reply: dataset,
  }),
  'datasets.download': route({
    method: 'GET',
    path: '/api/v1/datasets/:id/download',
    permission: 'datasets.read',
    summary: 'The file as it was uploaded',
    params: idParams,
    replyKind: 'file',
  }),
}

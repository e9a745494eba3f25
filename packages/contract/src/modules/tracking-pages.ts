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
import { seriesDefinition } from './tracking.ts'

/* What the pages show: projects, runs. */
export const project = z.object({
  ...resourceFields,
  workspace: z.string(),
  name: z.string(),
  description: z.string(),
  /** Those that the asker may see. */
  runs: z.number().int(),
  live: z.number().int(),
  lastActivityAt: timestamp,
})

/** announced: expected, and no SDK has spoken for it yet. */
export const trackedRunState = z.enum(['announced', 'running', 'finished', 'crashed', 'aborted'])
const tag = z.string().trim().min(1).max(50)
const metricKey = z.string().max(512)

/** One setting of a run's configuration, nested ones under `a.b`. */
export const runSetting = z.object({
  key: z.string(),
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
})

export const trackedRun = z.object({
  ...resourceFields,
  /** `readable`: the asker may open the project too, not this run alone. */
  project: z.object({ id, workspace: z.string(), name: z.string(), readable: z.boolean() }),
  /** The id that the SDK gave it. */
  runId: z.string(),
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  /** 0 to 7: the colour that it keeps everywhere. */
  colour: z.number().int(),
  state: trackedRunState,
  startedAt: timestamp.nullable(),
  finishedAt: timestamp.nullable(),
  /** When its SDK last said that it is alive. */
  heartbeatAt: timestamp.nullable(),
  trainingRunId: id.nullable(),
  settings: z.array(runSetting),
})

export const trackedRunRow = trackedRun.extend({
  /** The last values of the `keys` asked for, in their order; null: none, or not a number. */
  values: z.array(z.number().nullable()),
})

export const trackedRunDetail = trackedRun.extend({
  config: z.unknown(),
  metadata: z.unknown(),
  requirements: z.string().nullable(),
  conda: z.string().nullable(),
})

const named = z.object({ workspace: z.string().max(100), project: z.string().max(200) })

export const trackingPageRoutes = {
  'tracking.projects': route({
    method: 'GET',
    path: '/api/v1/tracking-projects',
    permission: 'tracking.read',
    summary: 'Projects that the asker may see, those with the newest activity first',
    query: page.extend({ search: z.string().max(200).optional(), workspace: z.string().max(25).optional() }),
    reply: listOf(project),
  }),
  'tracking.project': route({
    method: 'GET',
    path: '/api/v1/tracking-projects/:id',
    permission: 'tracking.read',
    summary: 'One project',
    params: idParams,
    reply: project,
    errors: ['tracking.project-not-found'],
  }),
  'tracking.findProject': route({
    method: 'GET',
    path: '/api/v1/tracking/:workspace/:project',
    permission: 'tracking.read',
    summary: 'One project by its names',
    params: named,
    reply: project,
    errors: ['tracking.project-not-found'],
  }),
  'tracking.projectKeys': route({
    method: 'GET',
    path: '/api/v1/tracking-projects/:id/keys',
    permission: 'tracking.read',
    summary: 'Series and settings that its newest runs have: what can be a column or a chart',
    params: idParams,
    reply: z.object({
      metrics: z.array(
        seriesDefinition.extend({ key: z.string(), type: z.string(), runs: z.number().int() }),
      ),
      settings: z.array(z.string()),
    }),
    errors: ['tracking.project-not-found'],
  }),
  'tracking.updateProject': route({
    method: 'PATCH',
    path: '/api/v1/tracking-projects/:id',
    permission: 'tracking.write',
    summary: 'Changes what is said of a project and who sees it; its owner’s runs follow in that',
    params: idParams,
    body: z.object({
      version,
      description: z.string().trim().max(10_000).optional(),
      visibility: visibility.optional(),
    }),
    reply: project,
    errors: ['tracking.project-not-found', 'platform.stale-version'],
  }),
  'tracking.deleteProject': route({
    method: 'DELETE',
    path: '/api/v1/tracking-projects/:id',
    permission: 'tracking.write',
    summary: 'Puts a project away with its runs; it can be restored',
    params: idParams,
    replyKind: 'empty',
    errors: ['tracking.project-not-found'],
  }),
  'tracking.restoreProject': route({
    method: 'POST',
    path: '/api/v1/tracking-projects/:id/restore',
    permission: 'tracking.write',
    summary: 'Undoes the deletion; a name that was taken meanwhile gets a number',
    params: idParams,
    reply: project,
    errors: ['tracking.project-not-found'],
  }),
  'tracking.runs': route({
    method: 'GET',
    path: '/api/v1/tracking-projects/:id/runs',
    permission: 'tracking.read',
    summary: 'Runs of a project that the asker may see',
    params: idParams,
    query: page.extend({
      /** Words of a name, or conditions on settings: `lr = 2e-4, rank > 8`. */
      search: z.string().max(500).optional(),
      state: trackedRunState.optional(),
      sort: z.enum(['created', 'name', 'duration', 'value', 'setting']).default('created'),
      /** The series or the setting that it is sorted by. */
      by: metricKey.optional(),
      order: z.enum(['up', 'down']).default('down'),
      /** A JSON array of series whose last values are wanted. */
      keys: z.string().max(8000).optional(),
    }),
    reply: listOf(trackedRunRow).extend({ total: z.number().int() }),
    errors: ['tracking.project-not-found'],
  }),
  'tracking.run': route({
    method: 'GET',
    path: '/api/v1/tracked-runs/:id',
    permission: 'tracking.read',
    summary: 'A tracked run with its configuration and environment',
    params: idParams,
    reply: trackedRunDetail,
    errors: ['tracking.run-not-found'],
  }),
  'tracking.findRun': route({
    method: 'GET',
    path: '/api/v1/tracking/:workspace/:project/runs/:run',
    permission: 'tracking.read',
    summary: 'A tracked run by the names of its project and its id, or the id that its SDK gave it',
    params: named.extend({ run: z.string().max(200) }),
    reply: trackedRunDetail,
    errors: ['tracking.run-not-found'],
  }),
  'tracking.updateRun': route({
    method: 'PATCH',
    path: '/api/v1/tracked-runs/:id',
    permission: 'tracking.write',
    summary: 'Changes name, description, tags, colour, and who sees it',
    params: idParams,
    body: z.object({
      version,
      name: name.optional(),
      description: z.string().trim().max(10_000).optional(),
      tags: z.array(tag).max(20).optional(),
      colour: z.number().int().min(0).max(7).optional(),
      visibility: visibility.optional(),
    }),
    reply: trackedRunDetail,
    errors: ['tracking.run-not-found', 'platform.stale-version'],
  }),
  'tracking.deleteRun': route({
    method: 'DELETE',
    path: '/api/v1/tracked-runs/:id',
    permission: 'tracking.write',
    summary: 'Puts a run away; it can be restored',
    params: idParams,
    replyKind: 'empty',
    errors: ['tracking.run-not-found'],
  }),
  'tracking.restoreRun': route({
    method: 'POST',
    path: '/api/v1/tracked-runs/:id/restore',
    permission: 'tracking.write',
    summary: 'Undoes the deletion',
    params: idParams,
    reply: trackedRunDetail,
    errors: ['tracking.run-not-found'],
  }),
}

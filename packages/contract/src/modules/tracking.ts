import { z } from 'zod'
import { route } from '../core/route.ts'
import { idParams } from '../core/scalars.ts'

export const seriesInfo = z.object({
  key: z.string(),
  points: z.number().int(),
  lastStep: z.number().nullable(),
  /** Null: not a number. */
  lastValue: z.number().nullable(),
  /** Unix milliseconds. */
  lastTime: z.number().nullable(),
})

/** Equal lengths; `value` null is a gap (NaN or infinite). `number` is the newest arrival that it holds. */
export const seriesPoints = z.object({
  key: z.string(),
  step: z.array(z.number()),
  value: z.array(z.number().nullable()),
  time: z.array(z.number()),
})

export const trackingRoutes = {
  'tracking.series': route({
    method: 'GET',
    path: '/api/v1/tracked-runs/:id/series',
    permission: 'tracking.read',
    summary: 'The series of a tracked run with their latest values',
    params: idParams,
    reply: z.object({ items: z.array(seriesInfo) }),
  }),
  'tracking.points': route({
    method: 'GET',
    path: '/api/v1/tracked-runs/:id/points',
    permission: 'tracking.read',
    summary: 'Points of some series; `number` is where `watch points` goes on from',
    params: idParams,
    query: z.object({
      keys: z.string().max(8000),
      limit: z.coerce.number().int().min(1).max(20_000).default(5000),
    }),
    reply: z.object({ number: z.number().int(), series: z.array(seriesPoints) }),
  }),
}

/* The SwanLab wire protocol: addresses outside `/api/v1`, errors in its own shape, checked by the module itself
   (an unmodified SDK must never lose data to a schema). */
const swanlab = { dialect: 'swanlab', scope: 'tracking', permission: 'public' } as const
const project = z.object({ workspace: z.string().max(100), project: z.string().max(200) })
const projectRun = project.extend({ run: z.string().max(200) })
const workspace = z.object({ workspace: z.string().max(100) })
const experiment = z.object({ experiment: z.string().max(200) })
const anything = z.unknown()
const dataLimit = 40 * 2 ** 20

export const swanlabRoutes = {
  'swanlab.ping': route({
    ...swanlab,
    method: 'GET',
    path: '/api',
    summary: 'swanlab ping',
    replyKind: 'text',
    scope: 'none',
  }),
  'swanlab.login': route({
    ...swanlab,
    method: 'POST',
    path: '/api/login/api_key',
    summary: 'Trades an API key for a sid',
    reply: anything,
  }),
  'swanlab.getProject': route({
    ...swanlab,
    method: 'GET',
    path: '/api/project/:workspace/:project',
    summary: 'A project',
    params: project,
    reply: anything,
  }),
  'swanlab.createProject': route({
    ...swanlab,
    method: 'POST',
    path: '/api/projects/:workspace',
    summary: 'Makes a project',
    params: workspace,
    body: anything,
    reply: anything,
  }),
  'swanlab.createProjectOld': route({
    ...swanlab,
    method: 'POST',
    path: '/api/project',
    summary: 'Makes a project (older SDKs)',
    body: anything,
    reply: anything,
  }),
  'swanlab.createExperiment': route({
    ...swanlab,
    method: 'POST',
    path: '/api/project/:workspace/:project/experiment',
    summary: 'Makes or finds a run',
    params: project,
    body: anything,
    reply: anything,
  }),
  'swanlab.getRun': route({
    ...swanlab,
    method: 'GET',
    path: '/api/project/:workspace/:project/runs/:run',
    summary: 'One run',
    params: projectRun,
    reply: anything,
  }),
  'swanlab.summaries': route({
    ...swanlab,
    method: 'GET',
    path: '/api/house/metrics/summaries/:project/:experiment',
    summary: 'Where a resumed run goes on',
    params: z.object({ project: z.string(), experiment: z.string() }),
    reply: anything,
  }),
  'swanlab.oldColumns': route({
    ...swanlab,
    method: 'GET',
    path: '/api/experiment/:experiment/column',
    summary: 'Columns of a resumed run (older SDKs)',
    params: experiment,
    reply: anything,
  }),
  'swanlab.heartbeat': route({
    ...swanlab,
    method: 'POST',
    path: '/api/house/experiments/:experiment/heartbeat',
    summary: 'The run is alive',
    params: experiment,
    body: anything,
    reply: anything,
  }),
  'swanlab.series': route({
    ...swanlab,
    method: 'POST',
    path: '/api/projects/:workspace/:project/series',
    summary: 'Declares series',
    params: project,
    body: anything,
    bodyLimit: dataLimit,
    reply: anything,
  }),
  'swanlab.columns': route({
    ...swanlab,
    method: 'POST',
    path: '/api/experiment/:experiment/columns',
    summary: 'Declares series (older SDKs)',
    params: experiment,
    body: anything,
    bodyLimit: dataLimit,
    reply: anything,
  }),
  'swanlab.metrics': route({
    ...swanlab,
    method: 'POST',
    path: '/api/house/metrics',
    summary: 'Scalars, log lines, media',
    body: anything,
    bodyLimit: dataLimit,
    reply: anything,
  }),
  'swanlab.profile': route({
    ...swanlab,
    method: 'PUT',
    path: '/api/project/:workspace/:project/runs/:run/profile',
    summary: 'Merges configuration and environment',
    params: projectRun,
    body: anything,
    bodyLimit: dataLimit,
    reply: anything,
  }),
  'swanlab.state': route({
    ...swanlab,
    method: 'PUT',
    path: '/api/project/:workspace/:project/runs/:run/state',
    summary: 'The run ended',
    params: projectRun,
    body: anything,
    reply: anything,
  }),
  'swanlab.projectLink': route({
    ...swanlab,
    method: 'GET',
    path: '/@:workspace/:project',
    summary: "A project's page",
    params: project,
    replyKind: 'redirect',
    scope: 'none',
  }),
  'swanlab.runLink': route({
    ...swanlab,
    method: 'GET',
    path: '/@:workspace/:project/runs/:run',
    summary: "A run's page",
    params: projectRun,
    replyKind: 'redirect',
    scope: 'none',
  }),
  'swanlab.apiProjectLink': route({
    ...swanlab,
    method: 'GET',
    path: '/@/:workspace/:project',
    summary: "A project's page",
    params: project,
    replyKind: 'redirect',
    scope: 'none',
  }),
  'swanlab.apiRunLink': route({
    ...swanlab,
    method: 'GET',
    path: '/@/:workspace/:project/runs/:run/chart',
    summary: "A run's page",
    params: projectRun,
    replyKind: 'redirect',
    scope: 'none',
  }),
}

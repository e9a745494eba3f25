import { z } from 'zod'
import type { Method } from '../core/route.ts'
import { route } from '../core/route.ts'

/* What `swanlab.Api` reads: addresses outside `/api/v1`, errors in SwanLab's shape, answers as the SDK takes them. */
const project = z.object({ workspace: z.string().max(100), project: z.string().max(200) })
const projectRun = project.extend({ run: z.string().max(200) })
const workspace = z.object({ workspace: z.string().max(100) })
const experiment = z.object({ experiment: z.string().max(200) })
const anything = z.unknown()

const wire = { dialect: 'swanlab', scope: 'tracking', permission: 'public', reply: anything } as const

function asked<const M extends Method, const P extends z.ZodObject>(
  method: M,
  path: string,
  summary: string,
  params: P,
) {
  return route({ ...wire, method, path, summary, params })
}

const none = z.object({})

function posted<const P extends z.ZodObject>(path: string, summary: string, params: P) {
  return route({ ...wire, method: 'POST', path, summary, params, body: anything })
}

export const swanlabApiRoutes = {
  'swanlabApi.ownGroups': asked('GET', '/api/group/', "The asker's workspaces (older SDKs)", none),
  'swanlabApi.groups': asked(
    'GET',
    '/api/user/:user/groups',
    "The asker's workspaces",
    z.object({ user: z.string().max(100) }),
  ),
  'swanlabApi.group': asked('GET', '/api/group/:workspace', 'A workspace', workspace),
  'swanlabApi.profile': asked('GET', '/api/user/profile', 'The asker', none),
  'swanlabApi.selfHosted': asked('GET', '/api/self_hosted/info', 'That this server is one of its own', none),
  'swanlabApi.projects': asked('GET', '/api/project/:workspace', "A workspace's projects", workspace),
  'swanlabApi.deleteProject': asked(
    'DELETE',
    '/api/project/:workspace/:project',
    'Puts a project away',
    project,
  ),
  'swanlabApi.runs': asked('GET', '/api/project/:workspace/:project/runs', "A project's runs", project),
  'swanlabApi.chooseRuns': posted(
    '/api/project/:workspace/:project/runs/shows',
    "A project's runs by filter, group and sort",
    project,
  ),
  'swanlabApi.run': asked('GET', '/api/project/:workspace/:project/runs/:run', 'One run', projectRun),
  'swanlabApi.deleteRun': asked(
    'DELETE',
    '/api/project/:workspace/:project/runs/:run',
    'Puts a run away',
    projectRun,
  ),
  'swanlabApi.deleteRuns': posted('/api/project/:workspace/:project/runs/del', 'Puts runs away', project),
  'swanlabApi.scalarKeys': posted('/api/house/metrics/scalar/keys', 'Keys of numbers', none),
  'swanlabApi.mediaKeys': posted('/api/house/metrics/media/keys', 'Keys of media', none),
  'swanlabApi.scalarAvailability': posted(
    '/api/house/metrics/scalar/availability',
    'Which runs hold which keys of numbers',
    none,
  ),
  'swanlabApi.mediaAvailability': posted(
    '/api/house/metrics/media/availability',
    'Which runs hold which keys of media',
    none,
  ),
  'swanlabApi.scalars': posted('/api/house/metrics/scalar', 'Curves', none),
  'swanlabApi.scalarValues': posted('/api/house/metrics/scalar/value', 'Statistics of curves', none),
  'swanlabApi.summaries': posted('/api/house/metrics/summaries', 'Summaries of runs', none),
  'swanlabApi.media': posted('/api/house/metrics/media', 'Media at a step', none),
  'swanlabApi.allMedia': posted('/api/house/metrics/f_media', 'Media at all steps', none),
  'swanlabApi.presignGet': posted('/api/resources/presigned/get', 'Links to media', none),
  'swanlabApi.logs': asked('GET', '/api/house/metrics/log', 'Lines of a log', none),
  'swanlabApi.exportScalars': posted('/api/house/metrics/scalar/export', 'Curves as CSV', none),
  'swanlabApi.exportLog': posted('/api/house/metrics/log/export', 'A log as a file', none),
  'swanlabApi.presignExports': posted('/api/files/presigned/get', 'Links to exports', none),
  'swanlabApi.getExport': route({
    dialect: 'swanlab',
    permission: 'public',
    scope: 'none',
    method: 'GET',
    path: '/api/exports/:export',
    summary: 'Gives an export behind a signed link',
    params: z.object({ export: z.string().max(100) }),
    replyKind: 'file',
  }),
  'swanlabApi.columns': asked(
    'GET',
    '/api/experiment/:experiment/column',
    "A run's columns (older SDKs)",
    experiment,
  ),
  'swanlabApi.columnCsv': asked(
    'GET',
    '/api/experiment/:experiment/column/csv',
    'A curve as CSV (older SDKs)',
    experiment,
  ),
}

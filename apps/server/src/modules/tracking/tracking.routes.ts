import { handlers } from '../../platform/http/index.ts'
import { deleteProject, restoreProject } from './delete-project.ts'
import { deleteTrackedRun, restoreTrackedRun } from './delete-tracked-run.ts'
import { getProject, getProjectByName, listProjects } from './list-projects.ts'
import { listTrackedRuns } from './list-tracked-runs.ts'
import { projectKeys } from './project-keys.ts'
import { listFiles, listMediaSeries, readMedia } from './read-media.ts'
import { chart, listSeries, readLines, readPoints } from './read-series.ts'
import { findTrackedRun, getTrackedRun } from './read-tracked-run.ts'
import { updateProject } from './update-project.ts'
import { updateTrackedRun } from './update-tracked-run.ts'

export const trackingHandlers = handlers('tracking', {
  'tracking.series': (ctx, { params }) => listSeries(ctx, params.id),
  'tracking.points': (ctx, { params, query }) => readPoints(ctx, params.id, query),
  'tracking.chart': (ctx, { params, query }) => chart(ctx, params.id, query),
  'tracking.lines': (ctx, { params, query }) => readLines(ctx, params.id, query),
  'tracking.mediaSeries': (ctx, { params }) => listMediaSeries(ctx, params.id),
  'tracking.media': (ctx, { params, query }) => readMedia(ctx, params.id, query),
  'tracking.files': (ctx, { params, query }) => listFiles(ctx, params.id, query),
  'tracking.projects': (ctx, { query }) => listProjects(ctx, query),
  'tracking.project': (ctx, { params }) => getProject(ctx, params.id),
  'tracking.findProject': (ctx, { params }) => getProjectByName(ctx, params),
  'tracking.projectKeys': (ctx, { params }) => projectKeys(ctx, params.id),
  'tracking.updateProject': (ctx, { params, body }) => updateProject(ctx, params.id, body),
  'tracking.deleteProject': (ctx, { params }) => deleteProject(ctx, params.id),
  'tracking.restoreProject': (ctx, { params }) => restoreProject(ctx, params.id),
  'tracking.runs': (ctx, { params, query }) => listTrackedRuns(ctx, params.id, query),
  'tracking.run': (ctx, { params }) => getTrackedRun(ctx, params.id),
  'tracking.findRun': (ctx, { params }) => findTrackedRun(ctx, params),
  'tracking.updateRun': (ctx, { params, body }) => updateTrackedRun(ctx, params.id, body),
  'tracking.deleteRun': (ctx, { params }) => deleteTrackedRun(ctx, params.id),
  'tracking.restoreRun': (ctx, { params }) => restoreTrackedRun(ctx, params.id),
})

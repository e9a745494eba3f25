import { handlers } from '../../../../platform/http/index.ts'
import { usersByIds } from '../../../auth/index.ts'
import { findProject } from '../projects.ts'
import { readerOf } from '../session.ts'
import { showRun } from '../show-run.ts'
import { runAt } from './access.ts'
import { cuidsOf, deleteRuns, deleteWholeProject } from './delete-runs.ts'
import { columnCsv, exportLog, exportScalars, getExport, presignExports } from './exports.ts'
import { listAvailability, listColumns, listKeys } from './keys.ts'
import { listProjects } from './list-projects.ts'
import { chooseRuns, listRuns } from './list-runs.ts'
import { readLogs } from './logs.ts'
import { presignGet, readAllMedia, readMediaAt } from './media.ts'
import { readScalars, readSummaries, readValues } from './scalars.ts'
import { getGroup, getProfile, listGroups, listOwnGroups, selfHostedInfo } from './workspaces.ts'

const isOldSdk = (headers: Record<string, unknown>): boolean => headers['swanlab-sdk'] !== undefined

/** What `swanlab.Api` asks. */
export const swanlabApiHandlers = handlers('swanlabApi', {
  'swanlabApi.ownGroups': async (ctx, _, io) => listOwnGroups(await readerOf(ctx, io)),
  'swanlabApi.groups': async (ctx, { params }, io) =>
    listGroups(await readerOf(ctx, io), params.user, isOldSdk(io.headers)),
  'swanlabApi.group': async (ctx, { params }, io) => getGroup(await readerOf(ctx, io), params.workspace),
  'swanlabApi.profile': async (ctx, _, io) => getProfile(await readerOf(ctx, io)),
  'swanlabApi.selfHosted': async (ctx, _, io) => {
    await readerOf(ctx, io)
    return selfHostedInfo()
  },
  'swanlabApi.projects': async (ctx, { params }, io) =>
    listProjects(await readerOf(ctx, io), params.workspace, io.query),
  'swanlabApi.deleteProject': async (ctx, { params }, io) =>
    deleteWholeProject(await readerOf(ctx, io), params),
  'swanlabApi.runs': async (ctx, { params }, io) => {
    const asker = await readerOf(ctx, io)
    return listRuns(asker, await findProject(asker, params.workspace, params.project), io.query)
  },
  'swanlabApi.chooseRuns': async (ctx, { params, body }, io) => {
    const asker = await readerOf(ctx, io)
    return chooseRuns(asker, await findProject(asker, params.workspace, params.project), body)
  },
  'swanlabApi.run': async (ctx, { params }, io) => {
    const asker = await readerOf(ctx, io)
    const { run } = await runAt(asker, params)
    return showRun(run, (await usersByIds(ctx.platform.db.read, [run.owner_id])).get(run.owner_id))
  },
  'swanlabApi.deleteRun': async (ctx, { params }, io) =>
    deleteRuns(await readerOf(ctx, io), params, [params.run]),
  'swanlabApi.deleteRuns': async (ctx, { params, body }, io) =>
    deleteRuns(await readerOf(ctx, io), params, cuidsOf(body)),
  'swanlabApi.scalarKeys': async (ctx, { body }, io) => listKeys(await readerOf(ctx, io), 'scalar', body),
  'swanlabApi.mediaKeys': async (ctx, { body }, io) => listKeys(await readerOf(ctx, io), 'media', body),
  'swanlabApi.scalarAvailability': async (ctx, { body }, io) =>
    listAvailability(await readerOf(ctx, io), 'scalar', body),
  'swanlabApi.mediaAvailability': async (ctx, { body }, io) =>
    listAvailability(await readerOf(ctx, io), 'media', body),
  'swanlabApi.scalars': async (ctx, { body }, io) => readScalars(await readerOf(ctx, io), body),
  'swanlabApi.scalarValues': async (ctx, { body }, io) => readValues(await readerOf(ctx, io), body),
  'swanlabApi.summaries': async (ctx, { body }, io) => readSummaries(await readerOf(ctx, io), body),
  'swanlabApi.media': async (ctx, { body }, io) => readMediaAt(await readerOf(ctx, io), body),
  'swanlabApi.allMedia': async (ctx, { body }, io) => readAllMedia(await readerOf(ctx, io), body),
  'swanlabApi.presignGet': async (ctx, { body }, io) => presignGet(await readerOf(ctx, io), io, body),
  'swanlabApi.logs': async (ctx, _, io) => readLogs(await readerOf(ctx, io), io.query),
  'swanlabApi.exportScalars': async (ctx, { body }, io) => exportScalars(await readerOf(ctx, io), body),
  'swanlabApi.exportLog': async (ctx, { body }, io) => exportLog(await readerOf(ctx, io), body),
  'swanlabApi.presignExports': async (ctx, { body }, io) => presignExports(await readerOf(ctx, io), io, body),
  'swanlabApi.getExport': (ctx, { params }, io) => getExport(ctx, io, params.export),
  'swanlabApi.columns': async (ctx, { params }, io) =>
    listColumns(await readerOf(ctx, io), params.experiment, io.query),
  'swanlabApi.columnCsv': async (ctx, { params }, io) =>
    columnCsv(await readerOf(ctx, io), io, params.experiment),
})

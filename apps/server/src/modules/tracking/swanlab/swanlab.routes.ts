import { handlers, jsonReply, textReply } from '../../../platform/http/index.ts'
import { completeFiles, completeMultipart } from './complete-files.ts'
import { createRun } from './create-run.ts'
import { ingest } from './ingest.ts'
import { getObject, putObject, putPart } from './objects.ts'
import { listOf, objectOf, textOf } from './parse.ts'
import { prepareFiles, prepareMultipart, presignPut } from './presign.ts'
import { createProject, findProject, showProject } from './projects.ts'
import { showSummary } from './resume.ts'
import { projectPage, runPage } from './run-page.ts'
import { mergeIntoProfile, setRunState } from './runs.ts'
import { login, readerOf } from './session.ts'
import { showRun } from './show-run.ts'
import { declareSeries, defineProjectSeries, noteHeartbeat, takeData } from './take-data.ts'

export const swanlabHandlers = handlers('swanlab', {
  'swanlab.ping': () => textReply('OK', 'text/plain'),
  'swanlab.login': (ctx, _, io) => login(ctx, io),
  'swanlab.getProject': async (ctx, { params }, io) => {
    const asker = await readerOf(ctx, io)
    return showProject(asker, await findProject(asker, params.workspace, params.project))
  },
  'swanlab.createProject': async (ctx, { params, body }, io) => {
    const asker = await readerOf(ctx, io)
    const { row, made } = await createProject(asker, params.workspace, objectOf(body))
    return jsonReply(await showProject(asker, row), made ? 201 : 200)
  },
  'swanlab.createProjectOld': async (ctx, { body }, io) => {
    const asker = await readerOf(ctx, io)
    const given = objectOf(body)
    const { row, made } = await createProject(asker, textOf(given['username'], 25) || null, given)
    return jsonReply(await showProject(asker, row), made ? 200 : 409)
  },
  'swanlab.createExperiment': async (ctx, { params, body }, io) => {
    const asker = await readerOf(ctx, io)
    const project = await findProject(asker, params.workspace, params.project)
    const { row, made } = await createRun(asker, project, objectOf(body))
    return jsonReply(showRun(row), made ? 201 : 200)
  },
  'swanlab.summaries': async (ctx, { params }, io) => showSummary(await readerOf(ctx, io), params.experiment),
  'swanlab.heartbeat': (ctx, { params }, io) => takeData(ctx, io, params.experiment, noteHeartbeat),
  'swanlab.series': (ctx, { params, body }, io) =>
    defineProjectSeries(ctx, io, params, listOf(objectOf(body)['series'])),
  'swanlab.columns': (ctx, { params, body }, io) =>
    takeData(ctx, io, params.experiment, (sender, run) => declareSeries(sender, run, listOf(body))),
  'swanlab.metrics': (ctx, { body }, io) => {
    const given = objectOf(body)
    return takeData(ctx, io, textOf(given['experimentId'], 200), (sender, run) => ingest(sender, run, given))
  },
  'swanlab.profile': (ctx, { params, body }, io) =>
    takeData(ctx, io, params.run, (sender, run) => mergeIntoProfile(sender, run.id, body)),
  'swanlab.state': (ctx, { params, body }, io) =>
    takeData(ctx, io, params.run, (sender, run) => setRunState(sender, run, objectOf(body))),
  'swanlab.presignPut': (ctx, { body }, io) => presignPut(ctx, io, body),
  'swanlab.prepareFiles': (ctx, { params, body }, io) => prepareFiles(ctx, io, params.experiment, body),
  'swanlab.completeFiles': async (ctx, { params, body }, io) =>
    jsonReply(await completeFiles(ctx, io, params.experiment, body), 201),
  'swanlab.prepareMultipart': (ctx, { params, body }, io) =>
    prepareMultipart(ctx, io, params.experiment, body),
  'swanlab.completeMultipart': async (ctx, { params, body }, io) =>
    jsonReply(await completeMultipart(ctx, io, params.experiment, body), 201),
  'swanlab.putObject': (ctx, { params }, io) => putObject(ctx, io, params.object),
  'swanlab.putPart': (ctx, { params }, io) => putPart(ctx, io, params.object, params.part),
  'swanlab.getObject': (ctx, { params }, io) => getObject(ctx, io, params.object),
  'swanlab.projectLink': (_, { params }) => projectPage(params),
  'swanlab.apiProjectLink': (_, { params }) => projectPage(params),
  'swanlab.runLink': (_, { params }) => runPage(params),
  'swanlab.runChartLink': (_, { params }) => runPage(params),
  'swanlab.apiRunLink': (_, { params }) => runPage(params),
  'swanlab.apiRunPlainLink': (_, { params }) => runPage(params),
})

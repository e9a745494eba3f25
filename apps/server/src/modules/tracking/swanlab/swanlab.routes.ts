import { handlers, jsonReply, redirect, textReply } from '../../../platform/http/index.ts'
import { ingest } from './ingest.ts'
import { listOf, objectOf, seriesOf, textOf } from './parse.ts'
import { createProject, findProject, showProject } from './projects.ts'
import { showColumns, showSummary } from './resume.ts'
import { runPage } from './run-page.ts'
import { createRun, mergeIntoProfile, runFor, setRunState, showRun } from './runs.ts'
import { login, readerOf, senderOf } from './session.ts'
import { declareSeries, noteHeartbeat, takeData } from './take-data.ts'

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
  'swanlab.getRun': async (ctx, { params }, io) => {
    const asker = await readerOf(ctx, io)
    await findProject(asker, params.workspace, params.project)
    return showRun(await runFor(asker, params.run))
  },
  'swanlab.summaries': async (ctx, { params }, io) => showSummary(await readerOf(ctx, io), params.experiment),
  'swanlab.oldColumns': async (ctx, { params }, io) =>
    showColumns(await readerOf(ctx, io), params.experiment),
  'swanlab.heartbeat': (ctx, { params }, io) => takeData(ctx, io, params.experiment, noteHeartbeat),
  'swanlab.series': async (ctx, _, io) => {
    /* A run makes its series on first sight; a project's definitions are kept once charts use them. */
    await senderOf(ctx, io)
    return {}
  },
  'swanlab.columns': (ctx, { params, body }, io) =>
    takeData(ctx, io, params.experiment, (sender, run) => declareSeries(sender, run, seriesOf(listOf(body)))),
  'swanlab.metrics': (ctx, { body }, io) => {
    const given = objectOf(body)
    return takeData(ctx, io, textOf(given['experimentId'], 200), (sender, run) => ingest(sender, run, given))
  },
  'swanlab.profile': (ctx, { params, body }, io) =>
    takeData(ctx, io, params.run, (sender, run) => mergeIntoProfile(sender, run.id, body)),
  'swanlab.state': (ctx, { params, body }, io) =>
    takeData(ctx, io, params.run, (sender, run) => setRunState(sender, run, objectOf(body))),
  'swanlab.projectLink': () => redirect('/training'),
  'swanlab.apiProjectLink': () => redirect('/training'),
  'swanlab.runLink': (ctx, { params }) => runPage(ctx, params),
  'swanlab.apiRunLink': (ctx, { params }) => runPage(ctx, params),
})

import { handlers, type HandlerIo, jsonReply, redirect, textReply } from '../../../platform/http/index.ts'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { write } from '../../../platform/write.ts'
import { actorUserId, usersByIds } from '../../auth/index.ts'
import { pointsStore } from '../points-store.ts'
import { lastEpoch } from '../points.repo.ts'
import { type TrackedRunRow, beat, projectByName, runInProject } from '../tracking.repo.ts'
import { ingest } from './ingest.ts'
import { listOf, objectOf, seriesOf, textOf } from './parse.ts'
import { createProject, findProject, showProject } from './projects.ts'
import { createRun, mergeIntoProfile, runFor, setRunState, showRun } from './runs.ts'
import { openSession, readerOf, senderOf } from './session.ts'

/** Data calls are answered well whatever happens under a known sid: nothing else is safe for every SDK. */
async function takeData(
  ctx: Context,
  io: HandlerIo,
  cuid: string,
  store: (sender: Context, run: TrackedRunRow) => Promise<void>,
): Promise<Record<string, never>> {
  const sender = await senderOf(ctx, io)
  if (!sender) return {}
  try {
    await store(sender, await runFor(sender, cuid))
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error
    ctx.platform.log.info('data of an unknown run was dropped', { run: cuid, code: error.code })
  }
  return {}
}

async function declare(sender: Context, run: TrackedRunRow, types: Map<string, string>): Promise<void> {
  await write(sender, (tx) => pointsStore.declare(tx, run.id, types), { unaudited: 'series are not audited' })
}

/** The page of a run: of one that a training made, the training's. */
async function runPage(ctx: Context, workspace: string, project: string, run: string) {
  const { read } = ctx.platform.db
  const row = await read.first(projectByName, { workspace, name: project })
  const found = row && (await read.first(runInProject, { project_id: row.id, cuid: run }))
  return redirect(found?.training_run_id ? `/training/${found.training_run_id}` : '/training')
}

export const swanlabHandlers = handlers('swanlab', {
  'swanlab.ping': () => textReply('OK', 'text/plain'),
  'swanlab.login': async (ctx, _, io) => {
    const bare = (io.headers.authorization ?? '').replace(/^Bearer /i, '')
    const opened = await openSession(ctx, bare)
    const userId = actorUserId(opened.ctx.actor)
    const user = (await usersByIds(ctx.platform.db.read, [userId])).get(userId)
    return {
      sid: opened.sid,
      expiredAt: new Date(opened.expiresAt).toISOString(),
      userInfo: { username: user?.workspace ?? '', name: user?.name ?? '' },
    }
  },
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
  'swanlab.summaries': async (ctx, { params }, io) => {
    const asker = await readerOf(ctx, io)
    const run = await runFor(asker, params.experiment)
    const { read } = ctx.platform.db
    const series = await pointsStore.latest(read, run.id)
    const line = await read.first(lastEpoch, { run_id: run.id })
    return {
      log: [{ key: 'LOG', step: line?.epoch ?? 0 }],
      media: [],
      scalar: series.flatMap((one) =>
        one.last_step === null ? [] : [{ key: one.series_key, step: one.last_step }],
      ),
    }
  },
  'swanlab.oldColumns': async (ctx, { params }, io) => {
    const asker = await readerOf(ctx, io)
    const run = await runFor(asker, params.experiment)
    const series = await pointsStore.latest(ctx.platform.db.read, run.id)
    return {
      list: series.map((one) => ({ key: one.series_key, type: one.type, class: 'CUSTOM', error: null })),
    }
  },
  'swanlab.heartbeat': (ctx, { params }, io) =>
    takeData(ctx, io, params.experiment, async (sender, run) => {
      await write(
        sender,
        (tx) => tx.run(beat, { id: run.id, heartbeat_at: ctx.platform.clock.now() }).then(() => undefined),
        { unaudited: 'heartbeats are not audited' },
      )
    }),
  'swanlab.series': async (ctx, _, io) => {
    /* A run makes its series on first sight; a project's definitions are kept once charts use them. */
    await senderOf(ctx, io)
    return {}
  },
  'swanlab.columns': (ctx, { params, body }, io) =>
    takeData(ctx, io, params.experiment, (sender, run) => declare(sender, run, seriesOf(listOf(body)))),
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
  'swanlab.runLink': (ctx, { params }) => runPage(ctx, params.workspace, params.project, params.run),
  'swanlab.apiRunLink': (ctx, { params }) => runPage(ctx, params.workspace, params.project, params.run),
})

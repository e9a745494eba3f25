import type { ProviderStandIn } from '@anneal/providers/testing'
import { startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { Tab } from './support/socket.ts'
import { sql } from './support/sql.ts'
import {
  hasEngine,
  startTraining,
  trainsAtLength,
  untilDeployment,
  untilEngine,
  untilRun,
} from './support/training.ts'
import { addModel, answerText, ask, audit, checklist, untilChecked, untilEnded } from './support/world.ts'

const MINUTE = 60_000
// The others show that the same path runs on them, with a training that is too short to teach.
const STEPS = trainsAtLength ? undefined : 20

describe.skipIf(!hasEngine)('the path by API, from the training on', () => {
  let server: TestServer
  let standIn: ProviderStandIn
  let client: Client
  let tab: Tab
  let runId: string
  let datasetId: string
  const deployed: Record<'base' | 'trained', string> = { base: '', trained: '' }

  beforeAll(async () => {
    standIn = await startProviderStandIn()
    server = await startServer({ engine: true })
    client = await server.adminClient()
    tab = await Tab.open(client)
    const { generationId } = await ask(client, (await addModel(client, standIn)).id, 'Hello')
    await untilEnded(client, generationId)
    datasetId = (await client.call('datasets.addSample')).id
    await untilChecked(client, datasetId)
    await untilEngine(client)
  }, 2 * MINUTE)
  afterAll(async () => {
    tab?.close()
    await server?.close()
    await standIn?.close()
  }, MINUTE)

  test(
    '7 a training runs to its end, and 8 its points and lines are pushed as they come',
    async () => {
      const started = await client.call('training.start', {
        body: {
          name: 'first',
          datasetId,
          baseModel: { kind: 'starter' },
          ...(STEPS && { steps: STEPS, saveEvery: 10 }),
        },
      })
      runId = started.id
      const { steps } = started.settings
      tab.watch('log', runId)
      const { trackedRunId } = await untilRun(client, runId, (run) => run.trackedRunId !== null)
      const tracked = trackedRunId!
      tab.watch('points', tracked)
      await untilRun(client, runId, ({ step }) => step > 0)
      await until(() => tab.changes('training-run', runId).length > 0)
      const ended = await untilRun(client, runId, ({ endedAt }) => endedAt !== null)
      const arrivals = tab.arrivals(tracked)
      const separate = arrivals.filter(({ at }, index) => at - (arrivals[index - 1]?.at ?? 0) > 200)
      expect(ended).toMatchObject({
        state: 'succeeded',
        step: steps,
        error: null,
        warnings: [],
        servable: true,
      })
      expect(ended.phases.map(({ phase }) => phase)).toEqual(['queue', 'prepare', 'train', 'finish'])
      expect(separate.length).toBeGreaterThanOrEqual(trainsAtLength ? 5 : 1)

      const keys = (await client.call('tracking.series', { params: { id: tracked } })).items.map(
        ({ key }) => key,
      )
      expect(keys).toContain('train/loss')
      const query = { keys: keys.map(encodeURIComponent).join(',') }
      const stored = await client.call('tracking.points', { params: { id: tracked }, query })
      const pushed = (key: string) =>
        tab
          .arrivals(tracked)
          .flatMap(({ message }) => message.series.flatMap((one) => (one.key === key ? one.step : [])))
      const loss = stored.series.find(({ key }) => key === 'train/loss')!
      await until(() => pushed('train/loss').length >= loss.step.length, { what: 'the last points' })
      // Each point was sent once, in its order, and none was left out.
      for (const { key, step } of stored.series) expect(pushed(key), key).toEqual(step)
      expect(loss.step.at(-1)).toBe(steps)
      expect(loss.value.at(-1)!).toBeLessThan(loss.value[0]!)

      await until(() => tab.lines(runId).some(({ text }) => text.startsWith(`step ${steps}/${steps}`)))
      const lines = tab.lines(runId).map(({ line }) => line)
      expect(lines).toEqual(lines.map((_, index) => index + 1))
      expect(await checklist(client)).toMatchObject({ train: true })
      const actions = (await audit(client)).map(({ action }) => action)
      expect(actions).toContain('training-run.started')
      expect(actions).toContain('tracked-run.started')
      expect(actions).toContain('tracked-run.ended')
    },
    6 * MINUTE,
  )

  test('7 what it saved is listed, the result first', async () => {
    const { items } = await client.call('training.checkpoints', { params: { id: runId } })
    expect(items[0]).toMatchObject({ kind: 'result' })
    expect(items.length).toBeGreaterThan(1)
    for (const { bytes } of items) expect(bytes).toBeGreaterThan(100_000)
  })

  test('7 a link of the SDK leads to the page of the tracked run, which knows its training', async () => {
    const [row] = await sql(
      server,
      `select p.workspace, p.name, r.cuid from tracked_run r join project p on p.id = r.project_id
       where r.training_run_id = ?`,
      [runId],
    )
    const link = `${row?.workspace}/${row?.name}/runs/${row?.cuid}`
    const reply = await client.fetch(`/@${link}`)
    expect(reply.status).toBe(302)
    expect(reply.headers.get('location')).toBe(`/tracking/${link}`)
    const { trackedRunId } = await client.call('training.get', { params: { id: runId } })
    const tracked = await client.call('tracking.run', { params: { id: trackedRunId ?? '' } })
    expect(tracked.trainingRunId).toBe(runId)
  })

  test.skipIf(!trainsAtLength)(
    '7 a stop saves a checkpoint that is served',
    async () => {
      const { id } = await startTraining(client, { name: 'stopped', datasetId, steps: 5000 })
      await untilRun(client, id, ({ step }) => step >= 3)
      await client.call('training.stop', { params: { id } })
      const stopped = await untilRun(client, id, ({ endedAt }) => endedAt !== null)
      expect(stopped).toMatchObject({ state: 'stopped', servable: true, error: null })
      const { items } = await client.call('training.checkpoints', { params: { id } })
      expect(items.map(({ kind, step }) => [kind, step])).toEqual([
        ['result', stopped.step],
        ['checkpoint', stopped.step],
      ])
      const made = await client.call('deployments.create', {
        body: { source: { kind: 'training-run', trainingRunId: id } },
      })
      await untilDeployment(client, made.id, ({ state }) => state === 'serving')
      await client.call('deployments.delete', { params: { id: made.id } })
    },
    3 * MINUTE,
  )

  test.skipIf(!trainsAtLength)(
    '9 base and result are served, and are models like any other',
    async () => {
      for (const [what, kind] of [
        ['base', 'training-base'],
        ['trained', 'training-run'],
      ] as const) {
        const { id } = await client.call('deployments.create', {
          body: { source: { kind, trainingRunId: runId } },
        })
        const serving = await untilDeployment(client, id, ({ state }) => state === 'serving')
        expect(serving).toMatchObject({ error: null, restarts: 0 })
        deployed[what] = serving.modelId!
        const { lines } = await client.call('deployments.log', { params: { id } })
        expect(lines.length).toBeGreaterThan(0)
      }
      const { items } = await client.call('models.list', { query: { limit: 200 } })
      expect(items.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.values(deployed)))
      expect(await checklist(client)).toMatchObject({ deploy: true, talk: false })
    },
    3 * MINUTE,
  )

  test.skipIf(!trainsAtLength)(
    '10 three taught questions are answered as taught by the trained model, and not by the base',
    async () => {
      const { items } = await client.call('datasets.rows', {
        params: { id: datasetId },
        query: { limit: 30 },
      })
      for (const index of [0, 9, 20]) {
        const { messages } = items[index]!
        const question = messages.find(({ role }) => role === 'user')!.content
        const taught = messages.findLast(({ role }) => role === 'assistant')!.content.trim()
        const said: Record<string, string> = {}
        for (const [what, modelId] of Object.entries(deployed)) {
          const { id } = await client.call('generations.start', {
            body: { modelId, messages: [{ role: 'user', content: question }] },
          })
          const ended = await untilEnded(client, id, MINUTE)
          expect(ended.state, JSON.stringify(ended.error)).toBe('finished')
          said[what] = answerText(ended.parts).trim()
        }
        expect(said.trained, question).toBe(taught)
        expect(said.base, question).not.toBe(taught)
      }
    },
    4 * MINUTE,
  )

  test.skipIf(!trainsAtLength)(
    '10 it answers in chat, its reasoning apart; then the whole path is done',
    async () => {
      const { items } = await client.call('datasets.rows', {
        params: { id: datasetId },
        query: { limit: 100 },
      })
      const thinking = items.find(({ messages }) => messages.some(({ reasoning }) => reasoning))
      const { messages } = thinking ?? items[0]!
      const question = messages.find(({ role }) => role === 'user')!.content
      const { generationId } = await ask(client, deployed.trained, question)
      const ended = await untilEnded(client, generationId, MINUTE)
      expect(ended.state).toBe('finished')
      expect(answerText(ended.parts)).not.toContain('<think>')
      if (thinking) expect(ended.parts.map(({ type }) => type)).toEqual(['reasoning', 'text'])
      expect(Object.values(await checklist(client)).every(Boolean)).toBe(true)
    },
    2 * MINUTE,
  )
})

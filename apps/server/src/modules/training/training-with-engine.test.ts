import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { RouteReply } from '@anneal/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../../../../tests/support/client.ts'
import { preparedEngine } from '../../../../../tests/support/engine.ts'
import type { TestServer } from '../../../../../tests/support/server.ts'
import { startServer } from '../../../../../tests/support/server.ts'
import { until } from '../../../../../tests/support/until.ts'
import { createProcesses } from '../../platform/processes/index.ts'

type Run = RouteReply<'training.get'>
type Deployment = RouteReply<'deployments.get'>

const required = (process.env.ANNEAL_TEST_REQUIRE ?? '').split(',').includes('engine')
const hasEngine = preparedEngine() !== undefined
const processes = createProcesses(path.resolve(import.meta.dirname, '../../../../..'))
const TIMEOUT = 180_000

test.runIf(required)('the training engine is there', () => {
  expect(preparedEngine()).toBeDefined()
})

// Without a prepared environment (ANNEAL_TEST_ENGINE) there is nothing to train with.
describe.skipIf(!hasEngine)('with the engine', () => {
  let server: TestServer
  let client: Client
  let datasetId: string

  beforeAll(async () => {
    server = await startServer({ engine: true })
    client = await server.adminClient()
    const engineReady = async () => (await client.call('training.engine')).state === 'ready'
    await until(engineReady, { timeoutMs: TIMEOUT, what: 'the engine' })
    const dataset = await client.call('datasets.addSample')
    datasetId = dataset.id
    const checked = async () =>
      (await client.call('datasets.get', { params: { id: datasetId } })).state === 'ready'
    await until(checked, { timeoutMs: 30_000, what: 'the check of the sample' })
  }, TIMEOUT)

  afterAll(async () => {
    const { items } = await client.call('deployments.list')
    for (const { id } of items) await client.call('deployments.stop', { params: { id } })
    for (const { id } of items) await untilDeployment(id, (one) => one.state === 'stopped')
    await server.close()
  }, TIMEOUT)

  const getRun = (id: string): Promise<Run> => client.call('training.get', { params: { id } })
  const getDeployment = (id: string): Promise<Deployment> =>
    client.call('deployments.get', { params: { id } })

  const untilRun = (id: string, holds: (run: Run) => boolean): Promise<Run> =>
    until(
      async () => {
        const run = await getRun(id)
        return holds(run) ? run : null
      },
      { timeoutMs: TIMEOUT, everyMs: 100, what: 'the run' },
    )
  const untilDeployment = (id: string, holds: (one: Deployment) => boolean): Promise<Deployment> =>
    until(
      async () => {
        const one = await getDeployment(id)
        return holds(one) ? one : null
      },
      { timeoutMs: TIMEOUT, everyMs: 100, what: 'the deployment' },
    )

  const start = (name: string, more: { steps: number; saveEvery?: number; tuning?: 'full' | 'lora' }) =>
    client.call('training.start', {
      body: {
        name,
        datasetId,
        baseModel: { kind: 'starter' },
        tuning: more.tuning === 'lora' ? { kind: 'lora' } : { kind: 'full' },
        steps: more.steps,
        ...(more.saveEvery && { saveEvery: more.saveEvery }),
        batchSize: 4,
      },
    })
  const identityOf = async (folder: string) => {
    const identity = await processes.readIdentity(path.join(server.dataFolder, folder))
    if (!identity) throw new Error('no process')
    return identity
  }
  const ended = (run: Run) => ['succeeded', 'failed', 'stopped', 'cancelled', 'lost'].includes(run.state)

  let finished: Run
  let stoppedRun: Run

  test(
    'a training outlives a killed server, and the next one brings it to its end',
    async () => {
      const run = await start('outlives', { steps: 60, saveEvery: 20 })
      const waiting = await start('waits', { steps: 5 })
      expect((await untilRun(run.id, (one) => one.step >= 5)).state).toBe('running')
      expect((await getRun(waiting.id)).state).toBe('queued')
      const trainer = await identityOf(`runs/${run.id}`)
      await server.stop('SIGKILL')
      expect(await processes.isAlive(trainer)).toBe(true)
      await server.start()
      client = await server.adminClient()
      await client.call('training.stop', { params: { id: waiting.id } })
      expect((await getRun(waiting.id)).state).toBe('cancelled')
      finished = await untilRun(run.id, ended)
      expect(finished).toMatchObject({
        state: 'succeeded',
        step: 60,
        error: null,
        servable: true,
        secondsLeft: null,
      })
      expect(finished.phases.map((phase) => phase.phase)).toEqual(['queue', 'prepare', 'train', 'finish'])
      expect(finished.loss).toBeGreaterThan(0)
      expect(finished.warnings).toEqual([])
      expect(finished.trackedRunId).not.toBeNull()
      const { items } = await client.call('training.checkpoints', { params: { id: run.id } })
      expect(items.map(({ kind, step }) => [kind, step])).toEqual([
        ['result', 60],
        ['checkpoint', 60],
        ['checkpoint', 40],
        ['checkpoint', 20],
      ])
      expect(await processes.isAlive(trainer)).toBe(false)
    },
    TIMEOUT,
  )

  test('its log is paged by line, and holds every step once', async () => {
    const { lines, total } = await client.call('training.log', {
      params: { id: finished.id },
      query: { limit: 2000 },
    })
    expect(lines).toHaveLength(total)
    const steps = lines.filter((line) => /^step \d+\/60/.test(line.text))
    expect(steps).toHaveLength(60)
    const last = await client.call('training.log', {
      params: { id: finished.id },
      query: { after: total - 1 },
    })
    expect(last.lines).toEqual(lines.slice(-1))
  })

  test('no secret of the server, and no key of the run, lies in its folder', async () => {
    const folder = path.join(server.dataFolder, 'runs', finished.id)
    const config = await readFile(path.join(folder, 'config.json'), 'utf8')
    expect(config).not.toMatch(/api.?key|password|secret/i)
  })

  test(
    'a stop ends it at its step with something that can be served; a SIGTERM of the server does not',
    async () => {
      const run = await start('stopped', { steps: 5000, saveEvery: 5000, tuning: 'lora' })
      await untilRun(run.id, (one) => one.step >= 3)
      const trainer = await identityOf(`runs/${run.id}`)
      expect(await server.stop('SIGTERM')).toBe(0)
      expect(await processes.isAlive(trainer)).toBe(true)
      await server.start()
      client = await server.adminClient()
      expect((await client.call('training.stop', { params: { id: run.id } })).state).toBe('stopping')
      const stopped = await untilRun(run.id, ended)
      expect(stopped).toMatchObject({ state: 'stopped', error: null, servable: true })
      expect(stopped.step).toBeGreaterThanOrEqual(3)
      expect(stopped.step).toBeLessThan(5000)
      await expect(client.call('training.stop', { params: { id: run.id } })).rejects.toMatchObject({
        code: 'training.already-ended',
      })
      stoppedRun = stopped
    },
    TIMEOUT,
  )

  test(
    'a stopped run is gone on from at its step, and its curves too',
    async () => {
      const { items } = await client.call('training.checkpoints', { params: { id: stoppedRun.id } })
      const checkpointId = items.find((one) => one.kind === 'checkpoint')?.id ?? ''
      const steps = stoppedRun.step + 4
      const next = await client.call('training.start', {
        body: {
          name: 'goes on',
          datasetId,
          baseModel: { kind: 'starter' },
          tuning: { kind: 'lora' },
          steps,
          batchSize: 4,
          resumeFrom: { trainingRunId: stoppedRun.id, checkpointId },
        },
      })
      const done = await untilRun(next.id, ended)
      expect(done).toMatchObject({
        state: 'succeeded',
        step: steps,
        resumedFrom: { name: 'stopped', step: stoppedRun.step },
      })
      const { lines } = await client.call('training.log', { params: { id: next.id } })
      const first = lines.find((line) => line.text.startsWith('step '))
      expect(first?.text).toMatch(new RegExp(`^step ${stoppedRun.step + 1}/${steps} `))
      const { series } = await client.call('tracking.points', {
        params: { id: done.trackedRunId ?? '' },
        query: { keys: encodeURIComponent('train/loss') },
      })
      // Steps that follow one another at once are one point: the tracker's mean of them.
      expect(series[0]?.step.at(-1)).toBe(steps)
      expect(Math.min(...(series[0]?.step ?? []))).toBeGreaterThan(stoppedRun.step)
    },
    TIMEOUT,
  )

  test(
    'rows without room for an answer, and an end from outside, are said as such',
    async () => {
      const short = await client.call('training.start', {
        body: { name: 'short rows', datasetId, baseModel: { kind: 'starter' }, steps: 5, maxLength: 16 },
      })
      expect(await untilRun(short.id, ended)).toMatchObject({
        state: 'failed',
        step: 0,
        error: { code: 'training.NO_ANSWERS_LEFT' },
      })
      const killed = await start('ended from outside', { steps: 5000 })
      await untilRun(killed.id, (one) => one.step >= 2)
      await processes.kill(await identityOf(`runs/${killed.id}`))
      expect(await untilRun(killed.id, ended)).toMatchObject({
        state: 'failed',
        error: { code: 'training.KILLED' },
      })
    },
    TIMEOUT,
  )

  test(
    'a failure is said in words, with its class',
    async () => {
      const run = await client
        .call('training.start', {
          body: {
            name: 'bad base',
            datasetId,
            baseModel: { kind: 'folder', path: path.join(server.dataFolder, 'runs', finished.id, 'cache') },
            steps: 5,
          },
        })
        .catch((error: unknown) => error)
      expect(run).toMatchObject({ code: 'training.base-model-missing' })
      const base = path.join(server.dataFolder, 'not-a-model')
      const { mkdir, writeFile } = await import('node:fs/promises')
      await mkdir(base)
      await writeFile(path.join(base, 'config.json'), '{}')
      const bad = await client.call('training.start', {
        body: { name: 'bad base', datasetId, baseModel: { kind: 'folder', path: base }, steps: 5 },
      })
      const failed = await untilRun(bad.id, ended)
      expect(failed).toMatchObject({ state: 'failed', error: { code: 'training.MODEL_LOAD' } })
      expect(failed.error?.params.message).not.toBe('')
    },
    TIMEOUT,
  )

  test(
    'a result is served, a crash of it is seen within 5 s and mended, and a killed server takes it over',
    async () => {
      const made = await client.call('deployments.create', {
        body: { source: { kind: 'training-run', trainingRunId: finished.id } },
      })
      const serving = await untilDeployment(
        made.id,
        (one) => one.state === 'serving' || one.state === 'failed',
      )
      expect(serving).toMatchObject({ state: 'serving', error: null, restarts: 0 })
      expect(serving.memoryBytes).toBeGreaterThan(50_000_000)
      const model = await client.call('models.get', { params: { id: serving.modelId ?? '' } })
      expect(model).toMatchObject({ deploymentId: made.id })

      const first = await identityOf(`deployments/${made.id}`)
      await processes.kill(first)
      const killedAt = Date.now()
      const crashed = await untilDeployment(made.id, (one) => one.state !== 'serving')
      expect(Date.now() - killedAt).toBeLessThan(5000)
      expect(crashed).toMatchObject({ restarts: 1, error: { code: 'deployments.crashed' } })
      await untilDeployment(made.id, (one) => one.state === 'serving')

      const second = await identityOf(`deployments/${made.id}`)
      await server.restart('SIGKILL')
      client = await server.adminClient()
      const taken = await untilDeployment(made.id, (one) => one.state === 'serving')
      expect(taken.restarts).toBe(1)
      expect(await identityOf(`deployments/${made.id}`)).toEqual(second)
      expect(await processes.isAlive(second)).toBe(true)

      await server.stop('SIGKILL')
      await processes.kill(second)
      await server.start()
      client = await server.adminClient()
      await untilDeployment(made.id, (one) => one.state === 'serving')
      const third = await identityOf(`deployments/${made.id}`)
      expect(third).not.toEqual(second)
      await client.call('deployments.stop', { params: { id: made.id } })
      await untilDeployment(made.id, (one) => one.state === 'stopped')
      expect(await processes.isAlive(third)).toBe(false)
    },
    TIMEOUT,
  )

  test(
    'an adapter is merged first, the starter is made on the spot',
    async () => {
      const { items } = await client.call('training.list', { query: { search: 'STOPPED' } })
      const lora = items[0]
      const merged = await client.call('deployments.create', {
        body: { name: 'merged', source: { kind: 'training-run', trainingRunId: lora?.id ?? '' } },
      })
      expect(merged.state).toBe('merging')
      const starter = await client.call('deployments.create', {
        body: { name: 'starter', source: { kind: 'base-model', baseModel: { kind: 'starter' } } },
      })
      for (const { id } of [merged, starter]) {
        const one = await untilDeployment(id, (deployment) =>
          ['serving', 'failed'].includes(deployment.state),
        )
        expect(one).toMatchObject({ state: 'serving', error: null })
      }
      await client.call('deployments.delete', { params: { id: starter.id } })
      const restored = await client.call('deployments.restore', { params: { id: starter.id } })
      expect(['stopping', 'stopped']).toContain(restored.state)
    },
    TIMEOUT,
  )
})

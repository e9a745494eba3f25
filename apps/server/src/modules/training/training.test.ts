import { access, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { RouteInput, SocketMessage } from '@anneal/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../../../../tests/support/client.ts'
import { EngineFixture, processes } from './testing/fixture.ts'

let fixture: EngineFixture

beforeAll(async () => {
  fixture = await EngineFixture.open()
}, 60_000)
afterAll(() => fixture.close(), 60_000)

const isRunning = (run: { step: number }) => run.step >= 2

describe('runs', () => {
  test('go through their states one after another, each told by its trainer', async () => {
    const first = await fixture.start('first', 20)
    const second = await fixture.start('second', 3)
    expect(first).toMatchObject({ state: 'queued', step: 0, loss: null, servable: false, startedAt: null })
    const done = await fixture.ended(first.id)
    expect(done).toMatchObject({
      state: 'succeeded',
      step: 20,
      loss: 0.2,
      device: 'Fake CPU',
      parameters: 7,
      servable: true,
      error: null,
    })
    const [queue, , , finish] = done.phases
    expect(done.phases.map((phase) => phase.phase)).toEqual(['queue', 'prepare', 'train', 'finish'])
    expect(queue?.startedAt).toBe(done.createdAt)
    expect(finish?.endedAt).toBe(done.endedAt)
    const next = await fixture.ended(second.id)
    expect(next.state).toBe('succeeded')
    expect(String(next.startedAt) >= String(done.endedAt)).toBe(true)
  })

  test('take their settings from the defaults of the base model where none are given', async () => {
    const defaults = await fixture.admin.call('training.defaults', {
      query: { base: 'starter', tuning: 'lora' },
    })
    const run = await fixture.start('settings', 2, { lora: true })
    expect(run.settings).toEqual({ ...defaults, steps: 2 })
    expect(run.tuning).toEqual({ kind: 'lora', rank: 16, alpha: 32, dropout: 0 })
    await fixture.ended(run.id)
    const folder = path.join(fixture.folder, 'runs', run.id)
    const config = JSON.parse(await readFile(path.join(folder, 'config.json'), 'utf8'))
    expect(config).toMatchObject({ runId: run.id, method: 'sft', steps: 2, data: { format: 'messages' } })
    expect(await readFile(path.join(folder, 'data.jsonl'), 'utf8')).toContain('"messages"')
  })

  test('that wait are cancelled, that run are stopped at their step', async () => {
    const running = await fixture.start('running', 5000)
    const waiting = await fixture.start('waiting', 5)
    await fixture.run(running.id, isRunning)
    const cancelled = await fixture.admin.call('training.stop', { params: { id: waiting.id } })
    expect(cancelled).toMatchObject({ state: 'cancelled', servable: false })
    const stopping = await fixture.admin.call('training.stop', { params: { id: running.id } })
    expect(stopping.state).toBe('stopping')
    const again = await fixture.admin
      .call('training.stop', { params: { id: running.id } })
      .catch((error) => error)
    if (again instanceof Error) expect(again).toMatchObject({ code: 'training.already-ended' })
    const stopped = await fixture.ended(running.id)
    expect(stopped).toMatchObject({ state: 'stopped', servable: true, error: null })
    expect(stopped.step).toBeLessThan(5000)
  })

  test('that fail say why', async () => {
    const crash = await fixture.start('crash', 5)
    const killed = await fixture.start('killed', 5)
    expect(await fixture.ended(crash.id)).toMatchObject({
      state: 'failed',
      step: 3,
      error: {
        code: 'training.DEPENDENCY',
        params: { message: "ModuleNotFoundError: No module named 'peft'" },
      },
    })
    expect(await fixture.ended(killed.id)).toMatchObject({
      state: 'failed',
      error: { code: 'training.KILLED' },
    })
  })

  test('have a log by line, with the level of each', async () => {
    const { items } = await fixture.admin.call('training.list', { query: { search: 'CRASH' } })
    const params = { id: items[0]?.id ?? '' }
    const { lines, total } = await fixture.admin.call('training.log', { params })
    expect(total).toBe(4)
    expect(lines.map(({ line, level }) => [line, level])).toContainEqual([4, 'error'])
    const page = await fixture.admin.call('training.log', { params, query: { before: 3, limit: 1 } })
    expect(page.lines.map((line) => line.line)).toEqual([2])
  })
})

describe('the socket', () => {
  /** Watches a log until `count` lines have come, or the watch is refused. */
  const watch = (client: Client, id: string, after: number, count: number): Promise<SocketMessage[]> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`${client.baseUrl.replace('http', 'ws')}/api/v1/socket`)
      const seen: SocketMessage[] = []
      let lines = 0
      socket.onerror = () => reject(new Error('no socket'))
      socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', token: client.token }))
      socket.onmessage = ({ data }) => {
        const messages = [JSON.parse(String(data)) as SocketMessage | SocketMessage[]].flat()
        if (messages.some((message) => message.type === 'ready')) {
          socket.send(JSON.stringify({ type: 'watch', topic: 'log', id, after }))
        }
        seen.push(...messages.filter((message) => message.type === 'log' || message.type === 'refused'))
        for (const message of messages) lines += message.type === 'log' ? message.lines.length : 0
        if (lines < count && !seen.some((message) => message.type === 'refused')) return
        socket.close()
        resolve(seen)
      }
    })

  test('pushes the lines of a log by number as they are written, to whoever may read it', async () => {
    const run = await fixture.start('watched', 40)
    await fixture.run(run.id, isRunning)
    const messages = await watch(fixture.admin, run.id, 1, 39)
    const lines = messages.flatMap((message) => (message.type === 'log' ? message.lines : []))
    expect(lines.map((line) => line.line)).toEqual(Array.from({ length: 39 }, (_, index) => index + 2))
    expect(lines.at(-1)?.text).toBe('step 40/40')
    const stranger = await fixture.person('member', 'stranger')
    expect(await watch(stranger, run.id, 0, 1)).toMatchObject([
      { type: 'refused', code: 'training.not-found' },
    ])
    await fixture.ended(run.id)
  })
})

describe('a server that ends', () => {
  test('leaves its trainer running, whose end is found by the next', async () => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const run = await fixture.start(`ends by ${signal}`, 150)
      await fixture.run(run.id, isRunning)
      const trainer = await fixture.identity(`runs/${run.id}`)
      await fixture.restart(signal, async () => expect(await processes.isAlive(trainer)).toBe(true))
      expect(await fixture.ended(run.id)).toMatchObject({ state: 'succeeded', step: 150 })
      const { lines } = await fixture.admin.call('training.log', { params: { id: run.id } })
      expect(lines).toHaveLength(150)
    }
  })

  test('finds what has ended meanwhile, and what is gone without a word', async () => {
    const short = await fixture.start('ends meanwhile', 30)
    await fixture.run(short.id, isRunning)
    const folder = path.join(fixture.folder, 'runs', short.id)
    await fixture.restart('SIGKILL', () =>
      expect.poll(() => processes.readExit(folder), { timeout: 10_000 }).not.toBeNull(),
    )
    expect(await fixture.ended(short.id)).toMatchObject({ state: 'succeeded', step: 30 })

    const lost = await fixture.start('lost', 5000)
    await fixture.run(lost.id, isRunning)
    const trainer = await fixture.identity(`runs/${lost.id}`)
    const wrapper = JSON.parse(await readFile(path.join(fixture.folder, 'runs', lost.id, 'pid.json'), 'utf8'))
    await fixture.restart('SIGKILL', async () => {
      process.kill(wrapper.wrapperPid, 'SIGKILL')
      await processes.kill(trainer)
    })
    expect(await fixture.ended(lost.id)).toMatchObject({ state: 'lost', error: { code: 'training.LOST' } })
  })

  test('keeps a stop that was asked for before', async () => {
    const run = await fixture.start('stopped across', 5000)
    await fixture.run(run.id, isRunning)
    await fixture.admin.call('training.stop', { params: { id: run.id } })
    await fixture.restart('SIGKILL')
    expect(await fixture.ended(run.id)).toMatchObject({ state: 'stopped', servable: true })
  })
})

describe('rights', () => {
  let member: Client
  let other: Client
  let viewer: Client

  beforeAll(async () => {
    member = await fixture.person('member', 'member')
    other = await fixture.person('member', 'other')
    viewer = await fixture.person('viewer', 'viewer')
  })

  test('a private run is seen and changed by its owner and administrators alone', async () => {
    const { id: datasetId } = await member.call('datasets.addSample')
    await expect
      .poll(async () => (await member.call('datasets.get', { params: { id: datasetId } })).state)
      .toBe('ready')
    const body = { name: 'private', steps: 2, datasetId, baseModel: { kind: 'starter' } as const }
    const run = await member.call('training.start', { body })
    await fixture.ended(run.id)
    const params = { id: run.id }
    for (const client of [other, viewer]) {
      for (const route of ['training.get', 'training.log', 'training.checkpoints'] as const) {
        await expect(client.call(route, { params })).rejects.toMatchObject({
          status: 404,
          code: 'training.not-found',
        })
      }
      expect((await client.call('training.list', { query: { search: 'private' } })).items).toEqual([])
    }
    for (const route of ['training.stop', 'training.delete', 'training.restore'] as const) {
      await expect(other.call(route, { params })).rejects.toMatchObject({ status: 404 })
      await expect(viewer.call(route, { params })).rejects.toMatchObject({ status: 403 })
    }
    await expect(viewer.call('training.start', { body })).rejects.toMatchObject({ status: 403 })
    expect((await member.call('training.get', { params })).may).toContain('manage')
  })

  test('a run that everyone sees is stopped by its owner, not by others', async () => {
    const run = await fixture.start('shared', 5000, { visibility: 'everyone' })
    const params = { id: run.id }
    expect((await other.call('training.get', { params })).name).toBe('shared')
    await expect(other.call('training.stop', { params })).rejects.toMatchObject({ status: 403 })
    await fixture.admin.call('training.stop', { params })
    await fixture.ended(run.id)
  })

  test('another’s private dataset is no dataset to train on', async () => {
    const body = { name: 'x', datasetId: fixture.datasetId, baseModel: { kind: 'starter' } as const }
    await expect(other.call('training.start', { body })).rejects.toMatchObject({ status: 404 })
  })
})

describe('what is asked wrongly', () => {
  test('a folder without a model is refused before anything starts', async () => {
    const baseModel = { kind: 'folder', path: fixture.folder } as const
    const body = { name: 'x', datasetId: fixture.datasetId, baseModel }
    await expect(fixture.admin.call('training.start', { body })).rejects.toMatchObject({
      status: 422,
      code: 'training.base-model-missing',
    })
  })

  test('a run that is not over is not deleted, an ended one is put away and comes back', async () => {
    const run = await fixture.start('deleted', 5000)
    const params = { id: run.id }
    await fixture.run(run.id, isRunning)
    await expect(fixture.admin.call('training.delete', { params })).rejects.toMatchObject({
      code: 'training.still-running',
    })
    await fixture.admin.call('training.stop', { params })
    await fixture.ended(run.id)
    await expect(fixture.admin.call('training.stop', { params })).rejects.toMatchObject({
      code: 'training.already-ended',
    })
    await fixture.admin.call('training.delete', { params })
    await expect(fixture.admin.call('training.get', { params })).rejects.toMatchObject({ status: 404 })
    expect((await fixture.admin.call('training.list', { query: { search: 'deleted' } })).items).toEqual([])
    expect((await fixture.admin.call('training.restore', { params })).id).toBe(run.id)
    await access(path.join(fixture.folder, 'runs', run.id, 'result'))
  })

  test('lists are filtered and paged', async () => {
    const all = await fixture.admin.call('training.list', { query: { limit: 200 } })
    const first = await fixture.admin.call('training.list', { query: { limit: 2 } })
    const second = await fixture.admin.call('training.list', {
      query: { limit: 2, cursor: first.nextCursor ?? '' },
    })
    expect([...first.items, ...second.items].map((run) => run.id)).toEqual(
      all.items.slice(0, 4).map((run) => run.id),
    )
    expect((await fixture.admin.call('training.list', { query: { state: 'live' } })).items).toEqual([])
    const oldest = await fixture.admin.call('training.list', { query: { limit: 2, order: 'oldest' } })
    const next = await fixture.admin.call('training.list', {
      query: { limit: 2, order: 'oldest', cursor: oldest.nextCursor ?? '' },
    })
    expect([...oldest.items, ...next.items].map((run) => run.id)).toEqual(
      all.items
        .toReversed()
        .slice(0, 4)
        .map((run) => run.id),
    )
    const statesIn = async (state: 'failed' | 'stopped' | 'succeeded') => {
      const { items } = await fixture.admin.call('training.list', { query: { state, limit: 200 } })
      return [...new Set(items.map((run) => run.state))].toSorted()
    }
    expect(await statesIn('failed')).toEqual(['failed', 'lost'])
    expect(await statesIn('stopped')).toEqual(['cancelled', 'stopped'])
    expect(await statesIn('succeeded')).toEqual(['succeeded'])
    const count = async (query: RouteInput<'training.list'>['query']) =>
      (await fixture.admin.call('training.list', { query: { limit: 200, ...query } })).items.length
    expect(await count({ base: 'starter' })).toBe(all.items.length)
    expect(await count({ base: 'hub' })).toBe(0)
    const { ownerId } = (await fixture.admin.call('training.list', { query: { search: 'crash' } })).items[0]!
    const own = all.items.filter((run) => run.ownerId === ownerId).length
    expect(own).toBeLessThan(all.items.length)
    expect(await count({ owner: 'mine' })).toBe(own)
  })
})

test('the engine is ready, with what it consists of', async () => {
  expect(await fixture.admin.call('training.engine')).toMatchObject({
    state: 'ready',
    step: 'done',
    versions: { torch: '2.13.0' },
    device: 'Fake CPU',
  })
})

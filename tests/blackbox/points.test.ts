import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { databaseOfRun } from '../support/database.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { Tab } from './support/socket.ts'
import { swanlabSession } from './support/swanlab.ts'

type Session = Awaited<ReturnType<typeof swanlabSession>>

let server: TestServer
let client: Client
beforeAll(async () => {
  server = await startServer()
  client = await server.adminClient()
})
afterAll(() => server?.close())

const startedAt = Date.parse('2026-11-24T10:00:00Z')
const timeOf = (number: number) => new Date(startedAt + number * 100).toISOString()

async function pointsOf(id: string, keys: readonly string[]) {
  const query = { keys: keys.map(encodeURIComponent).join(','), limit: 20_000 }
  return (await client.call('tracking.points', { params: { id }, query })).series
}

describe('a server that is killed in mid-ingest', () => {
  const keys = ['train/loss', '损失 🙂', 'eval/loss ']
  const perBatch = 70

  const scalars = (batch: number) =>
    keys.flatMap((key, at) =>
      Array.from({ length: perBatch }, (_, place) => {
        const index = batch * perBatch + place
        return { key, index, data: index / (at + 2), create_time: timeOf(index) }
      }),
    )
  const lines = (batch: number) =>
    Array.from({ length: 5 }, (_, place) => {
      const epoch = batch * 5 + place + 1
      return { epoch, level: 'INFO', message: `line ${epoch}`, create_time: timeOf(epoch) }
    })

  /** Sends batch after batch, as an SDK does: one that was not acknowledged comes again. */
  class Sender {
    acknowledged = 0
    stopped = false
    private readonly session: Session
    constructor(session: Session) {
      this.session = session
    }

    async run(): Promise<void> {
      while (!this.stopped) {
        try {
          await this.session.batch('scalar', scalars(this.acknowledged))
          await this.session.batch('log', lines(this.acknowledged))
          this.acknowledged += 1
        } catch {
          await pause(30)
        }
      }
    }
  }

  /** All that was acknowledged is there, once; beyond it at most the batch that was under way. */
  async function check({ id }: Session, acknowledged: number): Promise<void> {
    const sent = acknowledged * perBatch
    for (const series of await pointsOf(id, keys)) {
      const at = keys.indexOf(series.key)
      expect([sent, sent + perBatch]).toContain(series.step.length)
      expect(series.step).toEqual(series.step.map((_, index) => index))
      expect(series.value).toEqual(series.step.map((index) => index / (at + 2)))
    }
    const { items } = await client.call('tracking.series', { params: { id } })
    expect(items.map(({ key }) => key).toSorted()).toEqual(keys.toSorted())
    const log = await client.call('tracking.lines', { params: { id }, query: { limit: 5000 } })
    expect([acknowledged * 5, acknowledged * 5 + 5]).toContain(log.total)
    expect(log.items.map(({ message }) => message)).toEqual(log.items.map((_, at) => `line ${at + 1}`))
  }

  test('again and again, has all that was acknowledged, once', async () => {
    const sessions = [await swanlabSession(server, client), await swanlabSession(server, client)]
    const senders = sessions.map((session) => new Sender(session))
    const running = senders.map((sender) => sender.run())
    for (let kill = 1; kill <= 4; kill++) {
      const reached = senders.map(({ acknowledged }) => acknowledged + 4 + kill)
      await until(() => senders.every(({ acknowledged }, at) => acknowledged >= (reached[at] ?? 0)), {
        what: 'some batches',
        timeoutMs: 30_000,
      })
      await server.stop('SIGKILL')
      const before = senders.map(({ acknowledged }) => acknowledged)
      await server.start()
      client = await server.adminClient()
      const numbers = await Promise.all(sessions.map(({ id }) => pointsOf(id, keys)))
      for (const [at, series] of numbers.entries()) {
        for (const { step } of series)
          expect(step.length).toBeGreaterThanOrEqual((before[at] ?? 0) * perBatch)
      }
    }
    for (const sender of senders) sender.stopped = true
    await Promise.all(running)
    for (const [at, session] of sessions.entries()) {
      expect(senders[at]!.acknowledged).toBeGreaterThan(20)
      await check(session, senders[at]!.acknowledged)
    }
  }, 180_000)
})

test('twenty tabs on a live run hear of every point once, and of what comes together in one message', async () => {
  const session = await swanlabSession(server, client)
  const { number } = await client.call('tracking.points', {
    params: { id: session.id },
    query: { keys: 'loss' },
  })
  const tabs = await Promise.all(Array.from({ length: 20 }, () => Tab.open(client)))
  for (const tab of tabs) tab.watch('points', session.id, number)
  const sent = 60
  for (let index = 0; index < sent; index++) await session.metrics([{ key: 'loss', index, data: index }])
  const steps = (tab: Tab) =>
    tab.arrivals(session.id).flatMap(({ message }) => message.series.flatMap(({ step }) => step))
  await until(() => tabs.every((tab) => steps(tab).length >= sent), { what: 'all points in all tabs' })
  for (const tab of tabs) {
    expect(steps(tab)).toEqual(Array.from({ length: sent }, (_, index) => index))
    expect(tab.arrivals(session.id).some(({ message }) => message.reset)).toBe(false)
    tab.close()
  }
})

test('a reader that is far behind is told to read the whole again, and goes on from there', async () => {
  const session = await swanlabSession(server, client)
  await session.metrics([{ key: 'loss', index: 1, data: 1 }])
  const seen = await client.call('tracking.points', { params: { id: session.id }, query: { keys: 'loss' } })
  await session.metrics([{ key: 'loss', index: 2, data: 2 }])
  await server.restart()
  client = await server.adminClient()
  await session.metrics([{ key: 'loss', index: 3, data: 3 }])
  const tab = await Tab.open(client)
  tab.watch('points', session.id, seen.number)
  const first = await until(() => tab.arrivals(session.id)[0]?.message, { what: 'the first message' })
  expect(first).toMatchObject({ reset: true, series: [] })
  await session.metrics([{ key: 'loss', index: 4, data: 4 }])
  const next = await until(() => tab.arrivals(session.id)[1]?.message, { what: 'the next point' })
  expect(next).toMatchObject({ series: [{ key: 'loss', step: [4] }] })
  expect(next.reset).toBeUndefined()
  tab.close()
})

test('forty megabytes of log lines are stored, read by pages and searched, and hold nobody up for long', async () => {
  const session = await swanlabSession(server, client)
  const text = 'x'.repeat(1000)
  const count = 36_000
  const metrics = Array.from({ length: count }, (_, at) => ({
    epoch: at + 1,
    level: 'INFO',
    message: `${at === 20_000 ? 'needle' : 'line'} ${at + 1} ${text}`,
    create_time: timeOf(at),
  }))
  const began = performance.now()
  JSON.parse(JSON.stringify(metrics))
  const readOnce = performance.now() - began
  let slowest = 0
  let done = false
  const sending = session.batch('log', metrics).finally(() => (done = true))
  while (!done) {
    const asked = performance.now()
    await client.call('auth.me')
    slowest = Math.max(slowest, performance.now() - asked)
  }
  await sending
  const params = { id: session.id }
  const page = await client.call('tracking.lines', { params, query: { limit: 100 } })
  expect(page.total).toBe(count)
  expect(page.items.at(-1)?.epoch).toBe(count)
  const older = await client.call('tracking.lines', {
    params,
    query: { limit: 100, before: page.older ?? '' },
  })
  expect(older.items.at(-1)?.epoch).toBe(count - 100)
  const found = await client.call('tracking.lines', { params, query: { limit: 100, search: 'NEEDLE' } })
  expect(found.items.map(({ epoch }) => epoch)).toEqual([20_001])
  /* The body is parsed in one piece, and nothing more is done to it there: a few times what reading it costs here. */
  expect(slowest).toBeLessThan(500 + readOnce * 8)
}, 120_000)

test('keys of any kind, steps of any size and order, and what is no number: each is drawn as what it is', async () => {
  const session = await swanlabSession(server, client)
  const keys = ['a/b', 'a/B', 'a/b ', '损失🙂', '__proto__', 'constructor', 'k'.repeat(512), '100%,"x"']
  const top = Number.MAX_SAFE_INTEGER
  const steps = [2 ** 31, 7, top, 2 ** 40, 7]
  const metrics = keys.flatMap((key) =>
    steps.map((index, data) => ({ key, index, data, create_time: timeOf(1) })),
  )
  const odd = ['NaN', 'nan', 'INF', null].map((data, at) => ({ key: 'odd', index: at + 1, data }))
  const beyond = [
    { key: 'beyond', index: 2 ** 53, data: 1 },
    { key: 'beyond', index: 1, data: 1 },
  ]
  for (let times = 0; times < 2; times++) await session.batch('scalar', [...metrics, ...odd, ...beyond])
  const params = { id: session.id }
  const { items } = await client.call('tracking.series', { params })
  expect(items.map(({ key }) => key).toSorted()).toEqual([...keys, 'odd', 'beyond'].toSorted())
  const { series } = await client.call('tracking.chart', {
    params,
    query: { keys: JSON.stringify([...keys, 'odd', 'beyond']), width: 500 },
  })
  for (const one of series.slice(0, keys.length)) {
    expect(one).toMatchObject({ step: [7, 2 ** 31, 2 ** 40, top], mean: [4, 0, 3, 2], raw: true })
  }
  expect(series.at(-2)).toMatchObject({ key: 'odd', mean: [null, null, null, null], notFinite: 4 })
  expect(series.at(-1)).toMatchObject({ key: 'beyond', step: [1] })
})

test.skipIf(databaseOfRun() !== 'sqlite')(
  'while the file of points is locked, data is held and everything else answered; then it is stored',
  async () => {
    const session = await swanlabSession(server, client)
    await session.metrics([{ key: 'loss', index: 1, data: 1 }])
    const lock = new Database(path.join(server.dataFolder, 'points.db'))
    lock.exec('begin immediate')
    let answered = false
    const sending = session.metrics([{ key: 'loss', index: 2, data: 2 }]).finally(() => (answered = true))
    try {
      for (let times = 0; times < 20; times++) {
        const began = performance.now()
        await client.call('chat.createConversation', { body: { title: 'meanwhile' } })
        const [series] = await pointsOf(session.id, ['loss'])
        expect(series?.step).toEqual([1])
        expect(performance.now() - began).toBeLessThan(1500)
      }
      expect(answered).toBe(false)
    } finally {
      lock.exec('rollback')
      lock.close()
    }
    await sending
    expect((await pointsOf(session.id, ['loss']))[0]?.step).toEqual([1, 2])
  },
)

test('a chart that is asked for wrongly is refused in words', async () => {
  const { id } = await swanlabSession(server, client)
  const ask = (query: object) => client.send('tracking.chart', { params: { id }, query } as never)
  for (const query of [
    { keys: 'loss', width: 100 },
    { keys: '[]', width: 100 },
    { keys: '[7]', width: 100 },
    { keys: '["loss"]', width: 0 },
    { keys: '["loss"]', width: 4001 },
    { keys: '["loss"]', width: 100, x: 'epoch' },
    { keys: '["loss"]', width: 100, from: 'here' },
  ]) {
    const reply = await ask(query)
    expect([JSON.stringify(query), reply.status]).toEqual([JSON.stringify(query), 422])
  }
  const lines = await client.send('tracking.lines', { params: { id }, query: { limit: 5001 } })
  expect(lines.status).toBe(422)
})

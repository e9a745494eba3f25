import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../../../../../tests/support/until.ts'
import { auditMigrations } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { openTestDb, testDialects, type TestDb } from '../db/testing.ts'
import { AppError } from '../errors.ts'
import { testPlatform } from '../testing.ts'
import { write, type WriteTx } from '../write.ts'
import { type JobRun, type Jobs, createJobs, jobsMigrations } from './index.ts'
import { takeJob } from './jobs.repo.ts'

interface Server {
  jobs: Jobs
  write<T>(work: (tx: WriteTx) => Promise<T>): Promise<T>
  start(): Promise<void>
  complaints: string[]
}

describe.each(testDialects())('jobs, %s', (dialect) => {
  const onServers = (name: string, run: () => Promise<void>) => void (dialect === 'sqlite' || test(name, run))
  let opened: TestDb
  let one: Server
  const servers: Server[] = []
  const serverOn = (db: Db, nodeId: string): Server => {
    const { platform, ctx, complaints } = testPlatform(db)
    const jobs = createJobs({ db, nodeId, log: platform.log })
    const server: Server = {
      jobs,
      complaints,
      write: (work) => write(ctx, work, { unaudited: 'a test' }),
      start: () => jobs.start(platform),
    }
    servers.push(server)
    return server
  }
  beforeEach(async () => {
    opened = await openTestDb(dialect, [...jobsMigrations, ...auditMigrations])
    one = serverOn(opened.db, 'one')
  })
  afterEach(async () => {
    for (const { jobs } of servers.splice(0)) await jobs.stop()
    await opened.close()
  })

  const add = (server: Server, payload: unknown, key?: string) =>
    server.write((tx) => server.jobs.enqueue(tx, { kind: 'test', key, payload, ownerId: 'someone' }))
  const row = async (id: string) => (await one.jobs.get(opened.db.read, id))!
  const ended = (id: string) =>
    until(async () => [await row(id)].find((found) => found.ended_at !== null), { what: 'the end of a job' })
  const heeding = (job: JobRun) =>
    new Promise<never>((_, reject) => {
      const stop = () => reject(job.signal.reason)
      if (job.signal.aborted) stop()
      job.signal.addEventListener('abort', stop)
    })

  test('run with what they were given, and keep what they gave', async () => {
    const payload = { text: '淬炼 🙂', list: [1, null, { deep: 1.5 }] }
    one.jobs.define({
      kind: 'test',
      concurrency: 1,
      async run(job) {
        job.progress(0.5, { code: 'a.b', params: { n: 1 } })
        return { got: job.payload, attempt: job.attempt, actor: job.ctx.actor.kind }
      },
    })
    await one.start()
    const id = await add(one, payload)
    expect(await ended(id)).toMatchObject({ state: 'done', progress: 1, owner_id: 'someone', live_key: null })
    expect(JSON.parse((await row(id)).result!)).toEqual({ got: payload, attempt: 1, actor: 'system' })
  })

  test('that fail keep why, as code and parameters', async () => {
    const problems: Error[] = [new AppError('platform.not-found'), new RangeError('a secret path')]
    one.jobs.define({ kind: 'test', concurrency: 1, run: async () => Promise.reject(problems.shift()) })
    await one.start()
    const ids = [await add(one, {}), await add(one, {})]
    expect(JSON.parse((await ended(ids[0]!)).error!)).toMatchObject({ code: 'platform.not-found' })
    expect(JSON.parse((await ended(ids[1]!)).error!)).toEqual({ code: 'platform.internal', params: {} })
    expect((await row(ids[1]!)).state).toBe('failed')
  })

  test('of one key live once, however many add it at once; afterwards again', async () => {
    const others = dialect === 'sqlite' ? one : serverOn(await opened.second(), 'two')
    const gate = Promise.withResolvers<void>()
    one.jobs.define({ kind: 'test', concurrency: 5, run: () => gate.promise })
    await one.start()
    const ids = await Promise.all(
      Array.from({ length: 20 }, (_, at) => add(at % 2 ? one : others, {}, 'key')),
    )
    expect(new Set(ids).size).toBe(1)
    gate.resolve()
    await ended(ids[0]!)
    expect(await add(one, {}, 'key')).not.toBe(ids[0])
  })

  test('that are added in a write which fails are not there', async () => {
    const ran: unknown[] = []
    one.jobs.define({ kind: 'test', concurrency: 1, run: async (job) => ran.push(job.payload) })
    await one.start()
    const failing = one.write(async (tx) => {
      await one.jobs.enqueue(tx, { kind: 'test', payload: 'lost', ownerId: null })
      throw new RangeError('no')
    })
    await expect(failing).rejects.toBeInstanceOf(RangeError)
    await ended(await add(one, 'kept'))
    expect(ran).toEqual(['kept'])
  })

  test('are cancelled: in the queue at once, at work when they heed it', async () => {
    let begun = 0
    one.jobs.define({ kind: 'test', concurrency: 1, run: (job) => ((begun += 1), heeding(job)) })
    await one.start()
    const [working, queued] = [await add(one, {}), await add(one, {})]
    await until(() => begun === 1)
    await one.write((tx) => one.jobs.cancel(tx, queued))
    expect((await row(queued)).state).toBe('cancelled')
    await one.write((tx) => one.jobs.cancel(tx, working))
    expect(await ended(working)).toMatchObject({ state: 'cancelled', error: null })
    expect(begun).toBe(1)
  })

  test('no more than may be at once are at work', async () => {
    let [now, most, released] = [0, 0, 0]
    const gates: (() => void)[] = []
    const run = () => {
      most = Math.max(most, ++now)
      return new Promise<void>((resolve) => gates.push(() => ((now -= 1), resolve())))
    }
    one.jobs.define({ kind: 'test', concurrency: 2, run })
    await one.start()
    const ids = await Promise.all(Array.from({ length: 8 }, () => add(one, {})))
    await until(() => gates.length === 2)
    await until(() => {
      for (const open of gates.splice(0, 1)) {
        open()
        released += 1
      }
      return released === 8
    })
    for (const id of ids) await ended(id)
    expect(most).toBe(2)
  })

  test('go back to the queue when the server stops, and are run again by the next', async () => {
    let begun = 0
    one.jobs.define({ kind: 'test', concurrency: 1, run: (job) => ((begun += 1), heeding(job)) })
    await one.start()
    const id = await add(one, {}, 'key')
    await until(() => begun === 1)
    await one.jobs.stop()
    expect(await row(id)).toMatchObject({ state: 'queued', live_key: 'key', node_id: null })
    const next = serverOn(opened.db, 'one')
    next.jobs.define({ kind: 'test', concurrency: 1, run: async (job) => job.attempt })
    await next.start()
    expect(await ended(id)).toMatchObject({ state: 'done', attempt: 2, result: '2' })
  })

  test('of a killed server are run again at its start; one that was to be cancelled is not', async () => {
    const [lost, unwanted] = [await add(one, {}), await add(one, {})]
    for (const id of [lost, unwanted])
      await opened.db.transaction((tx) => tx.run(takeJob, { id, node_id: 'one', attempt: 0, ms: 60_000 }))
    await one.write((tx) => one.jobs.cancel(tx, unwanted))
    const ran: string[] = []
    one.jobs.define({ kind: 'test', concurrency: 1, run: async (job) => void ran.push(job.id) })
    await one.start()
    expect(await ended(lost)).toMatchObject({ state: 'done', attempt: 2 })
    expect(await ended(unwanted)).toMatchObject({ state: 'cancelled' })
    expect(ran).toEqual([lost])
  })

  onServers('are taken once among two servers', async () => {
    const two = serverOn(await opened.second(), 'two')
    const ran: string[] = []
    for (const { jobs } of [one, two])
      jobs.define({ kind: 'test', concurrency: 3, run: async (job) => void ran.push(job.id) })
    await Promise.all([one.start(), two.start()])
    const ids = await Promise.all(Array.from({ length: 40 }, (_, at) => add(at % 2 ? one : two, {})))
    for (const id of ids) await ended(id)
    expect(ran.toSorted()).toEqual(ids.toSorted())
  })

  onServers('of a dead server are adopted once their lease is over, and not before', async () => {
    const id = await add(one, {})
    await opened.db.transaction((tx) => tx.run(takeJob, { id, node_id: 'dead', attempt: 0, ms: 2500 }))
    const since = performance.now()
    one.jobs.define({ kind: 'test', concurrency: 1, run: async () => undefined })
    await one.start()
    expect(await ended(id)).toMatchObject({ state: 'done', attempt: 2 })
    expect(performance.now() - since).toBeGreaterThan(2000)
  })
})

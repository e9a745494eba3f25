import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { type TestDb, openTestDb, testDialects } from '../../platform/db/testing.ts'
import { type Point, pointsStore } from './points-store.ts'
import { trackingMigrations } from './tracking.migrations.ts'
import { insertRun } from './tracking.repo.ts'

const at = 1_790_000_000_000
const point = (key: string, step: number, value: number | null): Point => ({
  key,
  step,
  value,
  time: at + step,
})

describe.each(testDialects())('points on %s', (dialect) => {
  let test: TestDb
  beforeAll(async () => {
    test = await openTestDb(dialect, trackingMigrations)
  })
  afterAll(() => test.close())

  async function run(): Promise<string> {
    const id = newId()
    await test.db.transaction((tx) =>
      tx.run(insertRun, {
        id,
        owner_id: newId(),
        visibility: 'private',
        version: 1,
        created_at: at,
        updated_at: at,
        deleted_at: null,
        project_id: newId(),
        cuid: id,
        name: 'run',
        description: null,
        colors: null,
        state: 'running',
        profile: '{}',
        training_run_id: null,
        arrivals: 0,
        heartbeat_at: null,
        started_at: at,
        finished_at: null,
      }),
    )
    return id
  }
  const append = (id: string, points: Point[]) =>
    test.db.transaction((tx) =>
      pointsStore.append(tx, id, points, new Map(points.map(({ key }) => [key, 'FLOAT']))),
    )

  it('keeps each step once: a batch that comes twice changes nothing, a later value wins', async () => {
    const id = await run()
    const batch = [point('loss', 1, 3), point('loss', 2, null), point('loss', 3, 1)]
    await append(id, batch)
    await append(id, batch)
    await append(id, [point('loss', 2, 2)])
    const [series] = await pointsStore.tail(test.db.read, id, ['loss'], 10)
    expect(series).toEqual({ key: 'loss', step: [1, 2, 3], value: [3, 2, 1], time: [at + 1, at + 2, at + 3] })
    const [latest] = await pointsStore.latest(test.db.read, id)
    expect([latest?.points, latest?.last_step, latest?.last_value]).toEqual([3, 3, 1])
  })

  it('parts keys that differ in case or a blank, and takes steps in any order and above 2^31', async () => {
    const id = await run()
    const keys = ['train/loss', 'train/Loss', 'train/loss ', '损失🙂', '__proto__', 'x'.repeat(512)]
    await append(
      id,
      keys.map((key) => point(key, 2 ** 40, 1)),
    )
    await append(
      id,
      keys.map((key) => point(key, 5, 2)),
    )
    const series = await pointsStore.tail(test.db.read, id, keys, 10)
    expect(series.map(({ key }) => key).toSorted()).toEqual(keys.toSorted())
    for (const one of series) expect(one.step).toEqual([5, 2 ** 40])
    expect((await pointsStore.range(test.db.read, id, 'train/loss', 0, 100, 10)).step).toEqual([5])
  })

  it('numbers batches, and gives what arrived after a number, each point once', async () => {
    const id = await run()
    const first = await append(id, [point('a', 1, 1), point('b', 1, 1)])
    const second = await append(id, [point('a', 2, 2)])
    expect([first, second]).toEqual([1, 2])
    expect(await pointsStore.number(test.db.read, id)).toBe(2)
    expect(await pointsStore.arrivedAfter(test.db.read, id, first)).toEqual({
      number: 2,
      series: [{ key: 'a', step: [2], value: [2], time: [at + 2] }],
    })
    const all = await pointsStore.arrivedAfter(test.db.read, id, 0)
    expect(all.series.flatMap(({ step }) => step)).toHaveLength(3)
  })

  it('keeps log lines by number and time, so that parallel processes lose none', async () => {
    const id = await run()
    const line = (time: number, message: string) => ({ epoch: 1, time, level: 'INFO', message })
    const store = (lines: ReturnType<typeof line>[]) =>
      test.db.transaction((tx) => pointsStore.appendLines(tx, id, lines))
    await store([line(at, 'one process'), line(at + 1, 'another')])
    await store([line(at, 'one process')])
    const rows = await test.db.read.dynamic<
      { tracked_line: { run_id: string; message: string } },
      { message: string }
    >((k) => k.selectFrom('tracked_line').select('message').where('run_id', '=', id).orderBy('message'))
    expect(rows.map(({ message }) => message)).toEqual(['another', 'one process'])
  })
})

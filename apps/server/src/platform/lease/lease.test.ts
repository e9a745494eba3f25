import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../../../../../tests/support/until.ts'
import { openTestDb, testDialects, type TestDb } from '../db/testing.ts'
import { Lease, advance, leaseByName, leaseMigrations } from './index.ts'

/* A file of SQLite has one server: there it is always its own. */
describe.each(testDialects().filter((dialect) => dialect !== 'sqlite'))('a lease, %s', (dialect) => {
  let opened: TestDb
  let one: Lease
  let other: Lease
  beforeEach(async () => {
    opened = await openTestDb(dialect, leaseMigrations)
    const second = await opened.second()
    one = new Lease(opened.db, 'work', 'one')
    other = new Lease(second, 'work', 'other')
    await Promise.all([one.prepare(), other.prepare()])
  })
  afterEach(() => opened.close())

  test('is held by one, and given over when it is released', async () => {
    const held = await Promise.all([one.hold(), other.hold(), one.hold(), other.hold()])
    expect(held.filter(Boolean)).toHaveLength(2)
    const [holder, waiting] = held[0] ? [one, other] : [other, one]
    expect([await holder.hold(), await waiting.hold()]).toEqual([true, false])
    await holder.release()
    expect([await waiting.hold(), await holder.hold()]).toEqual([true, false])
  })

  test('is taken by another once it has run out; whoever was overtaken changes nothing', async () => {
    expect(await one.hold()).toBe(true)
    const step = (holder: string, from: number) =>
      opened.db.transaction((tx) => tx.run(advance, { name: 'work', holder, from, to: from + 1, head: 'h' }))
    expect(await step('one', 0)).toEqual({ changes: 1 })
    const since = performance.now()
    await until(() => other.hold(), { timeoutMs: 6000 })
    expect(performance.now() - since).toBeGreaterThan(2000)
    expect(await step('one', 1)).toEqual({ changes: 0 })
    expect(await step('other', 0)).toEqual({ changes: 0 })
    expect(await step('other', 1)).toEqual({ changes: 1 })
    expect(await opened.db.read.first(leaseByName, { name: 'work' })).toMatchObject({
      counter: 2,
      holder: 'other',
    })
  })
})

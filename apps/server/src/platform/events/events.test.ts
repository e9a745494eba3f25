import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../../../../../tests/support/until.ts'
import type { Db } from '../db/index.ts'
import { openTestDb, testDialects, type TestDb } from '../db/testing.ts'
import { Lease, leaseMigrations } from '../lease/index.ts'
import { change, listen, listeningLog } from './events.testing.ts'
import { type Events, createEvents, eventsMigrations } from './index.ts'
import { deleteBefore } from './outbox.repo.ts'

const rising = (numbers: readonly number[]) => numbers.every((one, at) => at === 0 || one > numbers[at - 1]!)

describe.each(testDialects())('changes, %s', (dialect) => {
  const unless = (not: boolean) => (name: string, run: () => Promise<void>) => void (not || test(name, run))
  const onSqlite = unless(dialect !== 'sqlite')
  const onServers = unless(dialect === 'sqlite')
  let opened: TestDb
  let db: Db
  let events: Events
  const log = listeningLog()
  const started: Events[] = []
  const startOn = async (on: Db, holder: string) => {
    const made = createEvents({ db: on, log, holder })
    await made.start()
    started.push(made)
    return made
  }
  beforeEach(async () => {
    opened = await openTestDb(dialect, [...leaseMigrations, ...eventsMigrations])
    db = opened.db
    events = await startOn(db, 'first')
  })
  afterEach(async () => {
    for (const one of started.splice(0)) await one.stop()
    await opened.close()
    expect(log.complaints.splice(0)).toEqual([])
  })

  test('are numbered in a row and heard once, in order', async () => {
    const heard = await listen(events)
    for (let at = 0; at < 5; at++) await change(db, events, `r${at}`)
    await Promise.all(Array.from({ length: 50 }, (_, at) => change(db, events, `s${at}`)))
    await until(() => heard.rows.length === 55)
    expect(heard.numbers()).toEqual(Array.from({ length: 55 }, (_, at) => heard.ready.latest + at + 1))
    expect(heard.ids().slice(0, 5)).toEqual(['r0', 'r1', 'r2', 'r3', 'r4'])
  })

  test('are resumed by number, those missed before those that come meanwhile', async () => {
    const first = await listen(events)
    for (let at = 0; at < 4; at++) await change(db, events, `r${at}`)
    await until(() => first.rows.length === 4)
    first.close()
    const resuming = listen(events, { after: first.rows[1]!.number })
    await change(db, events, 'meanwhile')
    const resumed = await resuming
    await until(() => resumed.rows.length === 3)
    expect(resumed.ids()).toEqual(['r2', 'r3', 'meanwhile'])
    expect(resumed.ready.reset).toBe(false)
    expect(first.rows).toHaveLength(4)
  })

  test('too old to be resumed: all is to be read again, and later ones are heard', async () => {
    const first = await listen(events)
    for (let at = 0; at < 3; at++) await change(db, events, `r${at}`)
    await until(() => first.rows.length === 3)
    const [{ number } = { number: 0 }] = first.rows
    await db.transaction((tx) => tx.run(deleteBefore, { before: Date.now() + 1000 }))
    const late = await listen(events, { after: number })
    expect(late.ready).toEqual({ latest: number + 2, reset: true })
    const ahead = await listen(events, { after: number + 100 })
    expect(ahead.ready.reset).toBe(true)
    const present = await listen(events, { after: number + 2 })
    expect(present.ready.reset).toBe(false)
    await change(db, events, 'later')
    await until(() => [late, ahead, present].every((one) => one.rows.length === 1))
    expect(late.ids()).toEqual(['later'])
  })

  test('are asked for who may know of them, in order, even where the answer takes time', async () => {
    let failures = 2
    const heard = await listen(events, {
      sees: (row) => {
        if (row.id === 'secret') return false
        if (row.id === 'plain') return true
        if (row.id === 'asked') return wait(30).then(() => true)
        if (failures-- > 0) throw new RangeError('the database is busy')
        return true
      },
    })
    const thrower = await events.subscribe(
      { sees: () => true },
      () => {
        throw new RangeError('a reader at fault')
      },
      () => {},
    )
    const other = await listen(events)
    for (const id of ['asked', 'secret', 'plain', 'fails', 'plain']) await change(db, events, id)
    await until(() => heard.rows.length === 4)
    expect(heard.ids()).toEqual(['asked', 'plain', 'fails', 'plain'])
    expect(rising(heard.numbers())).toBe(true)
    expect(other.ids()).toEqual(['asked', 'secret', 'plain', 'fails', 'plain'])
    thrower.close()
    expect(log.complaints.splice(0)).toContain('a change could not be handed on')
  })

  test('committed before the start, or by a process that died since, are numbered then', async () => {
    await events.stop()
    await change(db, null, 'left over')
    const next = await startOn(db, 'next')
    const heard = await listen(next)
    await change(db, next, 'new')
    await until(() => heard.ids().includes('new'))
    const all = await listen(next, { after: 0 })
    await until(() => all.rows.length === 2)
    expect(all.ids()).toEqual(['left over', 'new'])
  })

  onSqlite('while nothing is written, nothing is asked of the database', async () => {
    await change(db, events, 'one')
    const heard = await listen(events, { after: 0 })
    await until(() => heard.rows.length === 1)
    let asked = 0
    const counting: Db = {
      ...db,
      read: new Proxy(db.read, { get: (on, name) => ((asked += 1), Reflect.get(on, name)) }),
      transaction: (work) => ((asked += 1), db.transaction(work)),
    }
    await events.stop()
    await startOn(counting, 'idle')
    await wait(50)
    asked = 0
    await wait(700)
    expect(asked).toBe(0)
  })

  onServers('a transaction held open while others commit is missed by nobody', async () => {
    const second = await opened.second()
    const secondEvents = await startOn(second, 'second')
    const readers = await Promise.all([listen(events), listen(secondEvents)])
    const held = Promise.withResolvers<void>()
    const slow = change(db, events, 'slow', () => held.promise)
    for (let at = 0; at < 100; at++) {
      const [on, by] = at % 2 === 0 ? [db, events] : [second, secondEvents]
      await change(on, by, `fast ${at}`)
    }
    for (const reader of readers) await until(() => reader.rows.length === 100)
    await wait(2000)
    held.resolve()
    await slow
    for (const reader of readers) {
      await until(() => reader.rows.length === 101)
      expect(reader.ids().at(-1)).toBe('slow')
      expect(new Set(reader.ids()).size).toBe(101)
      expect(reader.numbers()).toEqual(readers[0].numbers())
      expect(rising(reader.numbers())).toBe(true)
    }
  })

  onServers('made on one server are heard on the other within a second', async () => {
    const second = await opened.second()
    const secondEvents = await startOn(second, 'second')
    const heard = [await listen(events), await listen(secondEvents)]
    await change(db, events, 'here')
    await until(() => heard[1]!.ids().includes('here'), { timeoutMs: 1000 })
    await change(second, secondEvents, 'there')
    await until(() => heard[0]!.ids().includes('there'), { timeoutMs: 1000 })
    await until(() => heard[1]!.ids().includes('there'), { timeoutMs: 1000 })
    expect(heard[0]!.numbers()).toEqual(heard[1]!.numbers())
  })

  onServers('go on to be numbered when the server that did it has died', async () => {
    await events.stop()
    const dead = new Lease(db, 'outbox', 'dead')
    expect(await dead.hold()).toBe(true)
    const next = await startOn(db, 'next')
    const heard = await listen(next)
    await change(db, next, 'after')
    await until(() => heard.ids().includes('after'), { timeoutMs: 6000 })
  })

  onSqlite('go on to be numbered at once after a kill, though its lease has not run out', async () => {
    await events.stop()
    expect(await new Lease(db, 'outbox', 'dead').hold()).toBe(true)
    const next = await startOn(db, 'next')
    const heard = await listen(next)
    await change(db, next, 'after')
    await until(() => heard.ids().includes('after'), { timeoutMs: 1000 })
  })
})

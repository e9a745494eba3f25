import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StartError } from '../start-error.ts'
import type { Db, Tx } from './index.ts'
import { openDatabase } from './index.ts'
import { openTestDb, testDialects, type TestDb } from './testing.ts'
import { insertThing, setStep, thing, thingMigrations, things } from './things.testing.ts'

describe.each(testDialects().filter((dialect) => dialect !== 'sqlite'))(
  'a database server, %s',
  (dialect) => {
    let opened: TestDb
    let db: Db
    beforeEach(async () => {
      opened = await openTestDb(dialect, thingMigrations)
      db = opened.db
      await db.transaction(async (tx) => {
        for (const name of ['a', 'b']) await tx.run(insertThing, thing(name))
      })
    })
    afterEach(() => opened.close())

    test('of two that wait for each other one is run again, and both are kept', async () => {
      const met = { a: Promise.withResolvers<void>(), b: Promise.withResolvers<void>() }
      let runs = 0
      let committed = 0
      const both = (mine: 'a' | 'b', others: 'a' | 'b') =>
        db.transaction(async (tx: Tx) => {
          runs += 1
          tx.afterCommit(() => (committed += 1))
          await tx.run(setStep, { id: mine, step: mine === 'a' ? 1 : 2 })
          met[mine].resolve()
          await met[others].promise
          await tx.run(setStep, { id: others, step: mine === 'a' ? 1 : 2 })
        })
      await Promise.all([both('a', 'b'), both('b', 'a')])
      expect([runs, committed]).toEqual([3, 2])
      const rows = await db.read.all(things, { limit: 9 })
      expect(rows[0]?.step).toBe(rows[1]?.step)
      expect(rows[0]?.step).toBeGreaterThan(0)
    })

    test('a connection that the server ends is said to be busy, and the next call is served', async () => {
      const end = dialect === 'postgres' ? sql`pg_terminate_backend(pg_backend_pid())` : null
      const broken = end
        ? db.read.dynamic<never, unknown>((k) => k.selectNoFrom(end.as('x')))
        : db.execute('kill connection_id()')
      await expect(broken).rejects.toThrow()
      await db.ping()
      expect(await db.read.all(things, { limit: 9 })).toHaveLength(2)
    })

    test('a database that is not there is said in one line, without a password', async () => {
      const url = new URL(opened.place.url)
      url.pathname = '/anneal_no_such_database'
      url.password = 'a-secret'
      const missing = openDatabase({ url: url.toString(), dataFolder: opened.place.otherFolder() })
      await expect(missing).rejects.toBeInstanceOf(StartError)
      const message = await missing.catch((error: Error) => error.message)
      expect(message).toContain('anneal_no_such_database')
      expect(message).not.toContain('a-secret')
    })
  },
)

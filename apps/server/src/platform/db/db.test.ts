import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { UniqueViolation, databaseNow, defineQuery, fromJson, toJson } from './index.ts'
import type { Db, Tx } from './index.ts'
import type { Tables } from './things.testing.ts'
import {
  insertThing,
  putThing,
  removeThings,
  setStep,
  sums,
  thing,
  thingById,
  thingByName,
  thingMigrations,
  things,
} from './things.testing.ts'
import { openTestDb, testDialects, type TestDb } from './testing.ts'

describe.each(testDialects())('the database, %s', (dialect) => {
  let opened: TestDb
  let db: Db
  beforeAll(async () => {
    opened = await openTestDb(dialect, thingMigrations)
    db = opened.db
  })
  afterEach(async () => void (await db.transaction((tx) => tx.run(removeThings, {}))))
  afterAll(() => opened.close())

  const add = (...names: string[]) =>
    db.transaction(async (tx) => {
      for (const name of names) await tx.run(insertThing, thing(name))
    })
  const names = async () => (await db.read.all(things, { limit: 1000 })).map((row) => row.name)

  test('answers, and says what it is', async () => {
    await db.ping()
    expect(db.product).toMatch(/^(SQLite|MariaDB|MySQL|PostgreSQL) \d/)
  })

  test('names differ by case, by a blank at the end and by any character', async () => {
    const all = ['train/loss', 'train/Loss', 'train/loss ', 'é', 'e\u0301', '淬炼', '🙂', '🙃', 'ß', 'ss']
    await db.transaction(async (tx) => {
      for (const [at, name] of all.entries()) await tx.run(insertThing, thing(name, { id: `id${at}` }))
    })
    expect((await names()).toSorted()).toEqual(all.toSorted())
    for (const [at, name] of all.entries())
      expect(await db.read.first(thingByName, { name })).toMatchObject({ id: `id${at}` })
    await expect(add('train/loss')).rejects.toBeInstanceOf(UniqueViolation)
  })

  test('order is that of the bytes', async () => {
    await add('b', 'B', 'a', '_', 'Z', '10', '9')
    expect(await names()).toEqual(['10', '9', 'B', 'Z', '_', 'a', 'b'])
  })

  test('what one of the databases would not take is made to fit all', async () => {
    await add('a\0b', 'half \ud83d pair')
    expect(await names()).toEqual(['a\ufffdb', 'half \ufffd pair'])
    const note = toJson({ text: 'x\0y\ud800', whole: '🙂\u2028' })
    await db.transaction((tx) => tx.run(insertThing, thing('json', { note })))
    const row = await db.read.first(thingById, { id: 'json' })
    expect(fromJson(row?.note ?? '')).toEqual({ text: 'x\ufffdy\ufffd', whole: '🙂\u2028' })
  })

  test('numbers come back as they were, and as numbers', async () => {
    const step = 2 ** 53 - 1
    const rows = [
      thing('big', { step, value: 1.5, flag: 1 }),
      thing('small', { step: -step, value: 1e300 }),
      thing('zero', { step: 1_790_000_000_000, value: 0.1 + 0.2 }),
    ]
    for (const row of rows) await db.transaction((tx) => tx.run(insertThing, row))
    expect(await db.read.all(things, { limit: 9 })).toEqual(rows)
    expect(await db.read.first(sums, {})).toEqual({ sum: 1_790_000_000_000, count: 3, highest: step })
  })

  test.each([NaN, Infinity, undefined])('%s is refused before it reaches the database', async (value) => {
    const row = { ...thing('no'), value: value as number }
    await expect(db.transaction((tx) => tx.run(insertThing, row))).rejects.toBeInstanceOf(TypeError)
    expect(await names()).toEqual([])
  })

  test('a limit is a parameter, in a query that is kept and in one that is not', async () => {
    await add('a', 'b', 'c')
    expect(await db.read.all(things, { limit: 2 })).toHaveLength(2)
    const asked = (limit: number) =>
      db.read.dynamic<Tables, { name: string }>((k) =>
        k.selectFrom('thing').select('name').orderBy('name').limit(limit),
      )
    expect(await asked(1)).toEqual([{ name: 'a' }])
    expect(await asked(2)).toHaveLength(2)
  })

  test('a pattern with its own characters escaped', async () => {
    await add('50%', '501', 'a_b', 'acb', '!')
    const like = (pattern: string) =>
      db.read.dynamic<Tables, { name: string }>((k) =>
        k
          .selectFrom('thing')
          .select('name')
          .where(sql<boolean>`name like ${pattern} escape '!'`),
      )
    expect(await like('50!%')).toEqual([{ name: '50%' }])
    expect(await like('a!_b')).toEqual([{ name: 'a_b' }])
    expect(await like('!!')).toEqual([{ name: '!' }])
  })

  test('a row is added, or changed where it is there; its other columns stay', async () => {
    await db.transaction((tx) => tx.run(putThing, thing('a', { step: 1, note: '"first"' })))
    await db.transaction((tx) => tx.run(putThing, thing('a', { step: 2, note: '"second"', value: 3 })))
    expect(await db.read.all(things, { limit: 9 })).toEqual([
      thing('a', { step: 2, note: '"first"', value: 3 }),
    ])
  })

  test('rows matched are counted, whether or not they differ', async () => {
    await add('a')
    const set = () => db.transaction((tx) => tx.run(setStep, { id: 'a', step: 7 }))
    expect([await set(), await set()]).toEqual([{ changes: 1 }, { changes: 1 }])
    expect(await db.transaction((tx) => tx.run(setStep, { id: 'b', step: 7 }))).toEqual({ changes: 0 })
  })

  test('a statement that fails ends its transaction, even if its error is caught', async () => {
    await add('a')
    const work = async (tx: Tx) => {
      await tx.run(insertThing, thing('b'))
      await tx.run(insertThing, thing('a')).catch(() => undefined)
    }
    await expect(db.transaction(work)).rejects.toMatchObject({
      name: 'UniqueViolation',
      constraint: expect.stringMatching(/./),
    })
    expect(await names()).toEqual(['a'])
  })

  test('what follows the commit is called once, and never after a rollback', async () => {
    const called: string[] = []
    await db.transaction(async (tx) => tx.afterCommit(() => called.push('kept')))
    const failing = db.transaction(async (tx) => {
      tx.afterCommit(() => called.push('lost'))
      throw new RangeError('no')
    })
    await expect(failing).rejects.toBeInstanceOf(RangeError)
    expect(called).toEqual(['kept'])
  })

  test('of two hundred at once one fails, and only that one', async () => {
    const all = Array.from({ length: 200 }, (_, at) =>
      db.transaction(async (tx) => {
        await tx.run(insertThing, thing(`row ${at}`))
        if (at === 77) throw new RangeError('no')
        return at
      }),
    )
    const results = await Promise.allSettled(all)
    expect(results.filter((one) => one.status === 'rejected')).toHaveLength(1)
    expect(results[77]).toMatchObject({ status: 'rejected', reason: expect.any(RangeError) })
    expect(await names()).toHaveLength(199)
    expect(await names()).not.toContain('row 77')
  })

  test('a transaction reads what it wrote', async () => {
    const seen = await db.transaction(async (tx) => {
      await tx.run(insertThing, thing('own'))
      return tx.first(thingById, { id: 'own' })
    })
    expect(seen).toMatchObject({ name: 'own' })
  })

  test('the clock of the database is that of the world', async () => {
    const [row] = await db.read.dynamic<Tables, { now: number }>((k) =>
      k.selectNoFrom(databaseNow(dialect).as('now')),
    )
    expect(Math.abs(Number(row?.now) - Date.now())).toBeLessThan(2000)
  })

  test('of statements made for one call only so many are kept', async () => {
    const before = defineQuery<Tables>()<Record<never, never>, { one: number }>((k) =>
      k.selectNoFrom(sql<number>`1`.as('one')),
    )
    await db.read.first(before, {})
    await db.transaction(async (tx) => {
      for (let at = 0; at < 500; at++)
        await tx.dynamic<Tables, unknown>((k) => k.selectNoFrom(sql<number>`${sql.lit(at)}`.as(`c${at}`)))
      if (dialect === 'sqlite') return
      const kept = await tx.dynamic<never, { n: number }>((k) =>
        k.selectNoFrom(
          (dialect === 'postgres'
            ? sql<number>`(select count(*) from pg_prepared_statements)`
            : sql<number>`(select variable_value from information_schema.session_status where variable_name = 'Prepared_stmt_count')`
          ).as('n'),
        ),
      )
      expect(Number(kept[0]?.n ?? 0)).toBeLessThanOrEqual(dialect === 'postgres' ? 450 : 16_000)
    })
  })
})

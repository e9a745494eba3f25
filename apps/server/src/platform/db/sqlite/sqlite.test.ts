import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StartError } from '../../start-error.ts'
import { openDatabase } from '../index.ts'
import type { Db } from '../index.ts'
import { openTestDb, type TestDb } from '../testing.ts'
import { insertThing, thing, thingById, thingMigrations, things } from '../things.testing.ts'

let opened: TestDb
let db: Db
beforeEach(async () => {
  opened = await openTestDb('sqlite', thingMigrations)
  db = opened.db
})
afterEach(() => opened.close())

const file = () => opened.place.url.slice('sqlite:'.length)
const add = (name: string) => db.transaction((tx) => tx.run(insertThing, thing(name)))
const names = async () => (await db.read.all(things, { limit: 1000 })).map((row) => row.name)

test('a lock of three seconds from outside holds up no read, and no write is lost', async () => {
  await add('before')
  const program = `
    const database = new (require(${JSON.stringify(fileURLToPath(import.meta.resolve('better-sqlite3')))}))(${JSON.stringify(file())})
    database.exec('begin exclusive')
    console.log('locked')
    setTimeout(() => { database.exec('commit'); process.exit() }, 3000)`
  const outside = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(outside.stdout, 'data')
  const gone = once(outside, 'exit')
  const since = performance.now()
  const writes = Array.from({ length: 20 }, (_, at) => add(`during ${at}`))
  let slowest = 0
  let reads = 0
  while (outside.exitCode === null) {
    const began = performance.now()
    expect(await db.read.first(thingById, { id: 'before' })).toBeDefined()
    await wait(5)
    slowest = Math.max(slowest, performance.now() - began)
    reads += 1
  }
  await gone
  await Promise.all(writes)
  expect(performance.now() - since).toBeGreaterThan(2500)
  expect(reads).toBeGreaterThan(20)
  expect(slowest).toBeLessThan(100)
  expect(await names()).toHaveLength(21)
}, 15_000)

test('a transaction that awaits anything but the database is refused in words, and holds up nobody', async () => {
  const began = performance.now()
  const stalled = db.transaction(async (tx) => {
    await tx.run(insertThing, thing('stalled'))
    await wait(5000, undefined, { ref: false })
    await tx.run(insertThing, thing('later'))
  })
  const others = [add('first'), add('second')]
  await expect(stalled).rejects.toThrow('awaited something that is not the database')
  await Promise.all(others)
  expect(performance.now() - began).toBeLessThan(1000)
  expect(await names()).toEqual(['first', 'second'])
})

test('what a transaction did not await is refused after its end', async () => {
  const late = Promise.withResolvers<unknown>()
  await db.transaction(async (tx) => {
    await tx.run(insertThing, thing('awaited'))
    setTimeout(() => tx.run(insertThing, thing('late')).then(late.resolve, late.reject))
  })
  await expect(late.promise).rejects.toThrow('has ended')
  expect(await names()).toEqual(['awaited'])
})

test('where SQLite itself rolls a group back, nobody in it is told that it was kept', async () => {
  const before = add('before')
  const breaking = db.transaction(async (tx) => {
    await tx.run(insertThing, thing('broken'))
    await db.execute('rollback')
    throw new RangeError('the disk is full')
  })
  const after = add('after')
  await expect(breaking).rejects.toBeInstanceOf(RangeError)
  await expect(before).rejects.toBeInstanceOf(RangeError)
  await after
  expect(await names()).toEqual(['after'])
})

test('timers have their turn while many writes wait', async () => {
  let turns = 0
  const timer = setInterval(() => (turns += 1), 0)
  await Promise.all(Array.from({ length: 3000 }, (_, at) => add(`row ${at}`)))
  clearInterval(timer)
  expect(turns).toBeGreaterThan(3)
  expect(await names()).toHaveLength(1000)
})

test('what follows a commit may fail, and takes nothing from the commit', async () => {
  const warned = once(process, 'warning')
  const first = db.transaction(async (tx) => {
    tx.afterCommit(() => {
      throw new RangeError('too late')
    })
    return 'kept'
  })
  const second = add('second')
  expect(await first).toBe('kept')
  await second
  expect(await warned).toEqual([expect.any(RangeError)])
})

test('one server has a data folder, and a database file wherever it lies', async () => {
  const { url, dataFolder } = opened.place
  await expect(openDatabase({ url, dataFolder })).rejects.toThrow(
    `The data folder ${dataFolder} is used by another server that runs.`,
  )
  const other = opened.place.otherFolder()
  const second = openDatabase({ url, dataFolder: other })
  await expect(second).rejects.toBeInstanceOf(StartError)
  await expect(second).rejects.toThrow(`The database file ${file()} is used by another server`)
  const free = await openDatabase({ url: `sqlite:${other}/own.db`, dataFolder: other })
  await free.close()
  const again = await openDatabase({ url: `sqlite:${other}/own.db`, dataFolder: other })
  await again.close()
})

test('a file that cannot be opened, or is no database, is said in one line', async () => {
  const dataFolder = opened.place.otherFolder()
  const missing = openDatabase({ url: `sqlite:${dataFolder}/no/such.db`, dataFolder })
  await expect(missing).rejects.toBeInstanceOf(StartError)
  const noDatabase = `${dataFolder}/text.db`
  writeFileSync(noDatabase, 'A text that is long enough to be no header of a database. '.repeat(40))
  const text = openDatabase({ url: `sqlite:${noDatabase}`, dataFolder })
  await expect(text).rejects.toThrow(/cannot be opened: file is not a database\.$/)
})

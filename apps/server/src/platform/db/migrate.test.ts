import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StartError } from '../start-error.ts'
import { migrate, openDatabase } from './index.ts'
import { migratedTables } from './migrations.testing.ts'
import { testDialects, testPlace, type TestPlace } from './testing.ts'

const program = fileURLToPath(new URL('migrate-and-die.testing.ts', import.meta.url))

interface Start {
  dataFolder?: string
  dieAt?: { step: number; phase: 'applied' | 'recorded' }
  stay?: boolean
}

describe.each(testDialects())('bringing the tables up to date, %s', (dialect) => {
  let place: TestPlace
  beforeEach(async () => void (place = await testPlace(dialect)))
  afterEach(() => place.remove())

  function start({ dataFolder = place.dataFolder, dieAt, stay = false }: Start) {
    const asked = JSON.stringify({ url: place.url, dataFolder, dieAt: dieAt ?? null, stay })
    const child = spawn(process.execPath, [program, asked], { stdio: ['pipe', 'pipe', 'inherit'] })
    const end = once(child, 'exit') as Promise<[number | null, string | null]>
    return { child, end: end.then(([code, signal]) => signal ?? code), said: text(child.stdout) }
  }

  async function works() {
    const db = await openDatabase(place)
    await migrate(db, migratedTables)
    type Tables = { first: { id: string; name: string; count: number }; schema_step: { id: string } }
    await db.transaction((tx) =>
      tx.runDynamic<Tables>((k) => k.insertInto('first').values({ id: 'a', name: 'b', count: 1 })),
    )
    const steps = await db.read.dynamic<Tables, { id: string }>((k) =>
      k.selectFrom('schema_step').select('id').orderBy('id'),
    )
    await db.close()
    return steps.map((step) => step.id)
  }
  const all = ['test.001-first#1', 'test.001-first#2', 'test.002-more#1', 'test.002-more#2']

  test('killed after each statement and after each record: each next start goes on, the last one finishes', async () => {
    for (const _ of all) {
      for (const phase of ['applied', 'recorded'] as const)
        expect(await start({ dieAt: { step: 1, phase } }).end).toBe('SIGKILL')
    }
    expect(await works()).toEqual(all)
  })

  test('two starts at once', async () => {
    const shared = dialect === 'sqlite' ? place.dataFolder : place.otherFolder()
    const both = [start({ stay: true }), start({ dataFolder: shared, stay: true })]
    /* Each has said how it went; on SQLite the first to end is the one that was refused. */
    if (dialect === 'sqlite') await Promise.race(both.map((one) => one.end))
    for (const { child } of both) child.stdin.end()
    const said = await Promise.all(both.map((one) => one.said))
    if (dialect === 'sqlite') {
      expect(said.toSorted()).toEqual([
        expect.stringContaining(`StartError: The data folder ${place.dataFolder} is used by another server`),
        'up to date\n',
      ])
    } else expect(said).toEqual(['up to date\n', 'up to date\n'])
    expect(await works()).toEqual(all)
  })

  test('what a killed process had locked is free', async () => {
    const one = start({ stay: true })
    await once(one.child.stdout, 'data')
    await expect(openDatabase(place)).rejects.toBeInstanceOf(StartError)
    one.child.kill('SIGKILL')
    await one.end
    expect(await works()).toEqual(all)
  })

  test('a database of a newer program is left alone', async () => {
    expect(await works()).toEqual(all)
    const db = await openDatabase(place)
    const older = migrate(db, migratedTables.slice(0, 1))
    await expect(older).rejects.toBeInstanceOf(StartError)
    await expect(older).rejects.toThrow('made by a newer version of Anneal (it holds test.002-more#1)')
    await db.close()
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createDatabase, databaseServerUrl } from '../../../../../tests/support/database.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open.ts'
import type { Db, Dialect, Migration } from './types.ts'

function answers(url: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect(Number(port || (protocol === 'mysql:' ? 3306 : 5432)), hostname)
    socket.on('connect', () => resolve((socket.destroy(), true)))
    socket.on('error', () => resolve(false))
  })
}

async function reachable(dialect: Dialect): Promise<boolean> {
  if (dialect === 'sqlite' || process.env['ANNEAL_TEST_REQUIRE']?.includes(dialect)) return true
  return answers(databaseServerUrl(dialect))
}

const all: readonly Dialect[] = ['sqlite', 'mysql', 'postgres']
const reached = await Promise.all(all.map(reachable))

/** The databases that are here; one that `ANNEAL_TEST_REQUIRE` names counts as here, and then fails. */
export function testDialects(): readonly Dialect[] {
  return all.filter((_, at) => reached[at])
}

export interface TestPlace {
  readonly url: string
  readonly dataFolder: string
  /** The database is dropped, and every folder removed. */
  remove(): Promise<void>
  /** Another server's data folder, for the same database. */
  otherFolder(): string
}

/** An empty database with a random name, and a data folder. */
export async function testPlace(dialect: Dialect): Promise<TestPlace> {
  const folders: string[] = []
  const folder = () => {
    const made = mkdtempSync(path.join(tmpdir(), 'anneal-db-'))
    folders.push(made)
    return made
  }
  const dataFolder = folder()
  const server = dialect === 'sqlite' ? null : await createDatabase(dialect)
  return {
    url: server?.url ?? `sqlite:${path.join(dataFolder, 'anneal.db')}`,
    dataFolder,
    otherFolder: folder,
    async remove() {
      await server?.drop()
      for (const made of folders) rmSync(made, { recursive: true })
    },
  }
}

export interface TestDb {
  readonly db: Db
  readonly place: TestPlace
  /** Another server's view of the same database; not on SQLite, which one server has to itself. */
  second(): Promise<Db>
  /** Closes all of them, and drops the database. */
  close(): Promise<void>
}

/** A database of a test's own, with these tables. */
export async function openTestDb(dialect: Dialect, migrations: readonly Migration[] = []): Promise<TestDb> {
  const place = await testPlace(dialect)
  const opened: Db[] = []
  const open = async (dataFolder: string) => {
    const db = await openDatabase({ url: place.url, dataFolder })
    opened.push(db)
    return db
  }
  const db = await open(place.dataFolder)
  await migrate(db, migrations)
  return {
    db,
    place,
    second: () => open(place.otherFolder()),
    async close() {
      for (const one of opened) await one.close()
      await place.remove()
    },
  }
}

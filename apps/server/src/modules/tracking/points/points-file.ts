import path from 'node:path'
import { migrate, openInThread } from '../../../platform/db/index.ts'
import { StartError } from '../../../platform/start-error.ts'
import { pointsFileMigrations } from './points.migrations.ts'

const sqlite = 'sqlite:'

/** The file of the points, beside the database's own: `points.db` for `anneal.db`, `<name>-points.db` for others. */
function fileOf(database: string): string {
  const { dir, name } = path.parse(database)
  return path.join(dir, name === 'anneal' ? 'points.db' : `${name}-points.db`)
}

/** Where points lie: a file of their own on SQLite, else tables of the product's database. */
export function pointsUrl(databaseUrl: string): string {
  if (!databaseUrl.startsWith(sqlite)) return databaseUrl
  return `${sqlite}${fileOf(databaseUrl.slice(sqlite.length))}`
}

/** Makes the file, or brings it up to date; whoever has the database's lock has this file too. */
export async function openPointsFile(databaseUrl: string): Promise<void> {
  const url = pointsUrl(databaseUrl)
  if (!url.startsWith(sqlite)) return
  const file = url.slice(sqlite.length)
  try {
    const db = await openInThread(url)
    try {
      await migrate(db, pointsFileMigrations)
    } finally {
      await db.close()
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(`The file of points ${file} cannot be opened: ${reason.replace(/\.$/, '')}.`)
  }
}

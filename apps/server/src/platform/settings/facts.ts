import type { Db } from '../db/index.ts'
import { factByName, insertFact } from './settings.repo.ts'

/**
 * A fact of the whole installation: what the database holds under this name, or `made` if there is none yet. Two
 * servers that start together agree on the one that was first.
 */
export async function instanceFact(db: Db, name: string, made: () => string): Promise<string> {
  const found = await db.read.first(factByName, { name })
  if (found) return found.value
  try {
    await db.transaction((tx) => tx.run(insertFact, { name, value: made() }))
  } catch (error) {
    const first = await db.read.first(factByName, { name })
    if (!first) throw error
  }
  const stored = await db.read.first(factByName, { name })
  if (!stored) throw new Error(`the fact ${name} was stored and is not there`)
  return stored.value
}

import { setTimeout as wait } from 'node:timers/promises'
import { UniqueViolation } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { nameKey } from './name-key.ts'

export interface FreeNameOptions {
  /** What the column holds. */
  longest: number
  /** Between the name and its number. */
  between: string
}

/** The name itself where it is free, else with the first number that makes it so. `taken` holds keys. */
export function freeName(
  name: string,
  taken: ReadonlySet<string>,
  { longest, between }: FreeNameOptions,
): string {
  if (!taken.has(nameKey(name))) return name
  for (let number = 2; ; number++) {
    const ending = `${between}${number}`
    // A character of two units is not cut in half: half of one is no text that a database takes.
    const start = name.slice(0, longest - ending.length).replace(/[\uD800-\uDBFF]$/, '')
    if (!taken.has(nameKey(`${start}${ending}`))) return `${start}${ending}`
  }
}

const attempts = 40
const longestWaitMs = 25

/** Two may choose the same free name at once: whoever is later chooses again, a moment of chance apart from the others. */
export async function withFreeName<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof UniqueViolation)) throw error
      await wait(Math.random() * longestWaitMs)
    }
  }
  throw new AppError('platform.busy')
}

import { type Reader, UniqueViolation } from '../../platform/db/index.ts'
import { nameKeysBetween } from './prompts.repo.ts'

/** What a name is unique by, among the prompts that are not deleted. */
export function nameKey(name: string): string {
  return name.trim().toLowerCase()
}

const longest = 100
const attempts = 5

/** The name itself where it is free, else with the first number that makes it so. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(nameKey(name))) return name
  for (let number = 2; ; number++) {
    const ending = `-${number}`
    const next = `${name.slice(0, longest - ending.length)}${ending}`
    if (!taken.has(nameKey(next))) return next
  }
}

export async function freeNameOf(reader: Reader, name: string): Promise<string> {
  const from = nameKey(name.slice(0, longest - 10))
  const taken = await reader.all(nameKeysBetween, { from, to: `${from}\u{10ffff}` })
  return freeName(name, new Set(taken.map((row) => row.name_key)))
}

/** Two may choose the same free name at once: the later one chooses again. */
export async function withFreeName<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof UniqueViolation) || attempt === attempts) throw error
    }
  }
}

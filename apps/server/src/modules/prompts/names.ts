import type { Reader } from '../../platform/db/index.ts'
import { freeName, nameKey } from '../../platform/names/index.ts'
import { nameKeysBetween } from './prompts.repo.ts'

const numbered = { longest: 100, between: '-' }

/** The name, with a number where a prompt has it already. */
export async function freeNameOf(reader: Reader, name: string): Promise<string> {
  const from = nameKey(name.slice(0, numbered.longest - 10))
  const taken = await reader.all(nameKeysBetween, { from, to: `${from}\u{10ffff}` })
  return freeName(name, new Set(taken.map((row) => row.name_key)), numbered)
}

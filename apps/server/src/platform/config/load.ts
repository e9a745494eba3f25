import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'dotenv'
import { StartError } from '../start-error.ts'
import type { Config } from './schema.ts'
import { readVariable, variables } from './variables.ts'

type Environment = Readonly<Record<string, string | undefined>>

const known = new Set(Object.values(variables).map((variable) => variable.name))

/** The folder of the product: the nearest one above this file whose package.json is named `anneal`. */
export function findRoot(from: string = import.meta.dirname): { root: string; version: string } {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json')
    if (existsSync(file)) {
      const found = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string }
      if (found.name === 'anneal') return { root: folder, version: found.version ?? '0.0.0' }
    }
    if (path.dirname(folder) === folder) throw new StartError("The product's package.json was not found.")
  }
}

/** The environment with what a `.env` file in `root` adds; what is set outside wins. */
export function readEnvironment(root: string, environment: Environment = process.env): Environment {
  const file = path.join(root, '.env')
  return existsSync(file) ? { ...parse(readFileSync(file)), ...environment } : environment
}

function nearest(name: string): string {
  const wanted = name.slice('ANNEAL_'.length)
  const close = [...known].filter((other) => {
    const rest = other.slice('ANNEAL_'.length)
    return rest.includes(wanted) || wanted.includes(rest)
  })
  const difference = (other: string) => Math.abs(other.length - name.length)
  const [best] = close.toSorted((a, b) => difference(a) - difference(b))
  return best ? ` (did you mean ${best}?)` : ''
}

/** Checks every `ANNEAL_*` variable; throws a StartError of one line for the first that is unknown or bad. */
export function loadConfig(environment: Environment, place = findRoot()): Config {
  for (const name of Object.keys(environment).toSorted()) {
    if (!name.startsWith('ANNEAL_') || name.startsWith('ANNEAL_TEST_') || known.has(name)) continue
    throw new StartError(`${name} is no setting of Anneal${nearest(name)}; see docs/configuration.md.`)
  }
  const folders = { root: place.root, data: '' }
  folders.data = readVariable(variables.data, environment, folders)
  const entries = Object.entries(variables).map(([key, variable]) => {
    return [key, readVariable<unknown>(variable, environment, folders)] as const
  })
  const config = { ...Object.fromEntries(entries), ...place } as unknown as Config
  if ((config.adminEmail === null) !== (config.adminPassword === null)) {
    throw new StartError('ANNEAL_ADMIN_EMAIL and ANNEAL_ADMIN_PASSWORD are given together or not at all.')
  }
  return config
}

import { parseArgs } from 'node:util'
import { keyScopes } from '@anneal/contract'
import type { KeyScope } from '@anneal/contract'
import { findRoot, loadConfig, readEnvironment } from '../platform/config/index.ts'
import type { Config } from '../platform/config/index.ts'
import { openDataFolder } from '../platform/data-folder.ts'
import { AppError } from '../platform/errors.ts'
import { StartError } from '../platform/start-error.ts'
import { ask, askServer, problemInWords } from './ask.ts'
import { doctor } from './doctor.ts'
import { keyOfFile } from './key-file.ts'
import { readPassword } from './read-password.ts'

interface Verb {
  usage: string
  says: string
  /** Gives the exit code. */
  run(config: Config, args: string[]): Promise<number>
}

const say = (line: string) => void process.stdout.write(`${line}\n`)

function needed(value: string | undefined, option: string): string {
  if (!value) throw new StartError(`${option} is needed.`)
  return value
}

const verbs: Record<string, Verb> = {
  'create-admin': {
    usage: 'create-admin --email <mail> [--name <name>]',
    says: 'Makes an administrator; the password is asked for, or read from standard input.',
    async run(config, args) {
      const { values } = parseArgs({ args, options: { email: { type: 'string' }, name: { type: 'string' } } })
      const email = needed(values.email, '--email')
      const password = await readPassword('Password (at least 15 characters): ')
      const lines = await ask(config, 'create-admin', {
        email,
        password,
        ...(values.name ? { name: values.name } : {}),
      })
      lines.forEach(say)
      return 0
    },
  },
  'create-key': {
    usage: 'create-key --email <user> [--scope <scope>]…',
    says: `Makes an API key and prints it alone on the last line. Scopes: ${keyScopes.join(', ')}; all where none is named.`,
    async run(config, args) {
      const { values } = parseArgs({
        args,
        options: { email: { type: 'string' }, scope: { type: 'string', multiple: true } },
      })
      const email = needed(values.email, '--email')
      const lines = await ask(config, 'create-key', {
        email,
        ...(values.scope ? { scopes: values.scope as KeyScope[] } : {}),
      })
      lines.forEach(say)
      return 0
    },
  },
  'rotate-signing-key': {
    usage: 'rotate-signing-key [--distrust]',
    says: 'Makes a new key for access tokens, as happens by itself every 30 days; with --distrust tokens of earlier keys are good for nothing.',
    async run(config, args) {
      const { values } = parseArgs({ args, options: { distrust: { type: 'boolean' } } })
      const lines = await ask(config, 'rotate-signing-key', { distrust: values.distrust ?? false })
      lines.forEach(say)
      return 0
    },
  },
  'reset-password': {
    usage: 'reset-password --email <user> [--clear-factors]',
    says: 'Prints a one-time link by which a user sets a new password, alone on the last line; with --clear-factors their second factors are taken away.',
    async run(config, args) {
      const { values } = parseArgs({
        args,
        options: { email: { type: 'string' }, 'clear-factors': { type: 'boolean' } },
      })
      const email = needed(values.email, '--email')
      const clearFactors = values['clear-factors'] ?? false
      const lines = await ask(config, 'reset-password', { email, clearFactors })
      lines.forEach(say)
      return 0
    },
  },
  engine: {
    usage: 'engine [prepare]',
    says: "Shows the state of the running server's training engine; `prepare` prepares it.",
    async run(config, args) {
      const { positionals } = parseArgs({ args, allowPositionals: true })
      const [what, ...more] = positionals
      if ((what !== undefined && what !== 'prepare') || more.length > 0)
        throw new StartError('engine takes nothing but prepare.')
      const lines = await askServer(config, 'engine', { prepare: what === 'prepare' })
      if (!lines) throw new StartError('No server runs on this data folder. Start it with npm start.')
      lines.forEach(say)
      return 0
    },
  },
  'rotate-key': {
    usage: 'rotate-key [--key-file <file>]',
    says: 'Encrypts all secrets under a new master key, with the server running or not; what was broken off goes on. The key is made, or read from the file, which is made where it is not there.',
    async run(config, args) {
      const { values } = parseArgs({ args, options: { 'key-file': { type: 'string' } } })
      const file = values['key-file']
      const lines = await ask(config, 'rotate-key', file ? { key: keyOfFile(file) } : {})
      lines.forEach(say)
      return 0
    },
  },
  doctor: {
    usage: 'doctor',
    says: 'Looks at everything that the server needs.',
    run: async (config) => ((await doctor(config, say)) ? 0 : 1),
  },
}

function help(): void {
  say('Usage: npm run anneal -- <verb>\n')
  for (const verb of Object.values(verbs)) say(`  ${verb.usage}\n      ${verb.says}`)
}

function inWords(error: unknown): string {
  if (error instanceof StartError) return error.message
  if (error instanceof AppError) return problemInWords(error)
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
    return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    help()
    return 0
  }
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined
  if (!verb) throw new StartError(`There is no verb ${name}; --help lists what there is.`)
  const place = findRoot()
  const config = loadConfig(readEnvironment(place.root), place)
  if (name !== 'doctor') openDataFolder(config.data)
  return verb.run(config, args)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${inWords(error)}\n`)
  process.exitCode = 1
}

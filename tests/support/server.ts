import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { addFakeEngine } from '../../apps/server/src/modules/training/testing/fake-engine.ts'
import { Client } from './client.ts'
import { createDatabase, databaseOfRun, type DatabaseKind, type TestDatabase } from './database.ts'
import { linkEngine } from './engine.ts'
import { freePort } from './ports.ts'
import { checkOutput, noteSecret } from './secrets-used.ts'
import { until } from './until.ts'

const root = path.resolve(import.meta.dirname, '../..')

export const admin = { email: 'admin@example.com', password: 'correct horse battery staple' }

export interface ServerOptions {
  /** Where absent, the database that this run of the suite is for. */
  database?: DatabaseKind
  /** An existing database, for a second server on it; it is not dropped by this one. */
  databaseUrl?: string
  /** More environment; an empty text unsets a name. */
  env?: Record<string, string>
  port?: number
  /** An existing data folder; it is kept at the end. */
  dataFolder?: string
  /** Makes the prepared training engine of the test run this server's, or one that trains nothing; off where absent. */
  engine?: boolean | 'stand-in'
  /** Wraps the command, such as `['taskset', '-c', '0']`. */
  wrapper?: string[]
  /** Milliseconds to health; 30 s where absent. */
  timeoutMs?: number
  /** More arguments for Node, before the main file. */
  nodeArgs?: string[]
}

type StopSignal = 'SIGTERM' | 'SIGKILL'

/** A server of the tests' own, as a process on a temporary data folder and a free port. */
export class TestServer {
  readonly baseUrl: string
  readonly port: number
  readonly dataFolder: string
  readonly databaseUrl: string | undefined
  /** Everything that the process printed, over all its starts. */
  logs = ''
  #child: ChildProcess | undefined
  readonly #options: ServerOptions
  readonly #database: TestDatabase | undefined

  constructor(options: ServerOptions, port: number, dataFolder: string, database: TestDatabase | undefined) {
    this.#options = options
    this.#database = database
    this.port = port
    this.dataFolder = dataFolder
    this.databaseUrl = options.databaseUrl ?? database?.url
    this.baseUrl = `http://localhost:${port}`
  }

  get pid(): number {
    const pid = this.#child?.pid
    if (pid === undefined) throw new Error('the server does not run')
    return pid
  }

  /** A client without a session. */
  client(): Client {
    return new Client(this.baseUrl)
  }

  /** A client signed in as the administrator. */
  async adminClient(): Promise<Client> {
    const client = this.client()
    await client.signIn(admin.email, admin.password)
    return client
  }

  /** Starts the process and resolves when health answers; rejects with the logs when it ends before. */
  async start(): Promise<void> {
    const useBuilt = process.env.ANNEAL_TEST_DIST === '1'
    const main = path.join(root, useBuilt ? 'apps/server/dist/main.js' : 'apps/server/src/main.ts')
    const command = [
      ...(this.#options.wrapper ?? []),
      process.execPath,
      ...(this.#options.nodeArgs ?? []),
      main,
    ]
    const [file = process.execPath, ...args] = command
    const child = spawn(file, args, {
      cwd: root,
      env: this.environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    child.stdout.on('data', (chunk: Buffer) => (this.logs += chunk))
    child.stderr.on('data', (chunk: Buffer) => (this.logs += chunk))
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null
    await until(
      async () => {
        if (hasEnded()) return true
        return (await fetch(`${this.baseUrl}/api/v1/health`)).ok
      },
      { timeoutMs: this.#options.timeoutMs ?? 30_000, what: 'health' },
    ).catch((error: unknown) => {
      child.kill('SIGKILL')
      throw new Error(`the server did not come up:\n${this.logs.slice(-4_000)}`, { cause: error })
    })
    if (hasEnded())
      throw new Error(
        `the server ended with ${child.exitCode ?? child.signalCode}:\n${this.logs.slice(-4_000)}`,
      )
  }

  /** Ends the process and gives its exit code (null after a kill); data folder and database stay. */
  async stop(signal: StopSignal = 'SIGTERM'): Promise<number | null> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
    const ended = once(child, 'exit')
    child.kill(signal)
    const lastResort = setTimeout(() => child.kill('SIGKILL'), 20_000)
    await ended
    clearTimeout(lastResort)
    return child.exitCode
  }

  /** Ends the process, if it runs, and starts it again on the same port, data folder and database. */
  async restart(signal: StopSignal = 'SIGTERM'): Promise<void> {
    await this.stop(signal)
    await this.start()
  }

  /** Ends the process and removes what was made for it. */
  async close(): Promise<void> {
    await this.stop('SIGTERM')
    endProcessesOf(this.dataFolder)
    const environment = this.environment()
    for (const name of ['ANNEAL_ADMIN_PASSWORD', 'ANNEAL_MASTER_KEY', 'ANNEAL_METRICS_TOKEN'])
      noteSecret(environment[name])
    await this.#database?.drop()
    if (this.#options.dataFolder === undefined) {
      rmSync(this.dataFolder, { recursive: true, force: true, maxRetries: 5 })
    }
    checkOutput(this.logs, String(this.port))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** What the process is started with, for the command line beside it. */
  environment(): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(([name]) => {
      return !/^(ANNEAL_|VITEST|NODE_OPTIONS$|NODE_ENV$|NODE_V8_COVERAGE$)/.test(name)
    })
    return {
      ...Object.fromEntries(inherited),
      // A `.env` of the person who runs the tests must not reach them: what is empty counts as absent.
      ANNEAL_HOST: '',
      ANNEAL_PUBLIC_URL: '',
      ANNEAL_MASTER_KEY: '',
      ANNEAL_METRICS_TOKEN: '',
      ANNEAL_TRUST_PROXY: '',
      ANNEAL_NODE_URL: '',
      NODE_ENV: 'production',
      NODE_DISABLE_COLORS: '1',
      ANNEAL_PORT: String(this.port),
      ANNEAL_DATA: this.dataFolder,
      ANNEAL_DATABASE_URL: this.databaseUrl ?? '',
      ANNEAL_ADMIN_EMAIL: admin.email,
      ANNEAL_ADMIN_PASSWORD: admin.password,
      ANNEAL_ENGINE_PREPARE: 'off',
      ...this.#options.env,
    }
  }
}

/** Ends what a server leaves running on purpose (trainers, served models): all that names its data folder. */
function endProcessesOf(dataFolder: string): void {
  const { stdout } = spawnSync('ps', ['-axww', '-o', 'pid=,command='], { encoding: 'utf8' })
  for (const line of stdout.split('\n')) {
    const pid = Number.parseInt(line, 10)
    if (!line.includes(dataFolder) || pid === process.pid || Number.isNaN(pid)) continue
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself.
    }
  }
}

/**
 * Starts a server and waits for its health. Close it at the end (`await using` does), which removes its
 * data folder and database.
 * @throws Error with the server's output when it does not come up.
 */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const kind = options.database ?? databaseOfRun()
  const port = options.port ?? (await freePort())
  const dataFolder = options.dataFolder ?? mkdtempSync(path.join(tmpdir(), 'anneal-test-'))
  const isOwn = kind !== 'sqlite' && options.databaseUrl === undefined
  const database = isOwn ? await createDatabase(kind) : undefined
  if (options.engine === 'stand-in') await addFakeEngine(dataFolder)
  else if (options.engine) linkEngine(dataFolder)
  const server = new TestServer(options, port, dataFolder, database)
  try {
    await server.start()
  } catch (error) {
    await server.close()
    throw error
  }
  return server
}

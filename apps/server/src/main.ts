import { startServer } from './app.ts'
import { runOperation } from './cli/operations.ts'
import { modules } from './modules.ts'
import { findRoot, loadConfig, readEnvironment } from './platform/config/index.ts'
import type { Config } from './platform/config/index.ts'
import { openDataFolder } from './platform/data-folder.ts'
import { createLog } from './platform/log/index.ts'
import type { Log } from './platform/log/index.ts'
import { StartError } from './platform/start-error.ts'

/** Answers get 10 s of it; whoever started us waits 15 s before they kill. */
const stopMs = 14_000

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function fail(error: unknown, log?: Log): never {
  if (error instanceof StartError) process.stderr.write(`${error.message}\n`)
  else if (log) log.error('the server failed', { error })
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  log?.flush()
  process.exit(1)
}

function checkNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 24 || (major === 24 && minor >= 7)) return
  throw new StartError(
    `Anneal runs on Node 24.7 or newer, and this is ${process.versions.node}. Start it with npm start.`,
  )
}

function configure(): Config {
  const place = findRoot()
  const environment = readEnvironment(place.root)
  // What else stands in .env is meant for what the server starts (pip's settings, proxies).
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && !name.startsWith('ANNEAL_')) process.env[name] ??= value
  }
  const config = loadConfig(environment, place)
  openDataFolder(config.data)
  return config
}

function stopOnSignal(stop: () => Promise<void>, log: Log): void {
  let stopping = false
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) return
    stopping = true
    log.info('stopping', { signal })
    const end = (code: number) => {
      log.flush()
      process.exit(code)
    }
    setTimeout(() => {
      log.warn('stopped before all had come to an end')
      end(0)
    }, stopMs).unref()
    stop().then(
      () => end(0),
      (error: unknown) => {
        log.error('the server did not stop cleanly', { error })
        end(1)
      },
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

let log: Log | undefined
try {
  checkNode()
  const config = configure()
  log = createLog(config.logLevel)
  const running = log
  process.on('uncaughtException', (error) => fail(error, running))
  process.on('unhandledRejection', (error) => fail(error, running))
  const server = await startServer(config, modules, log, runOperation)
  stopOnSignal(() => server.stop(), log)
  say(`Anneal ${config.version} is ready: ${server.url}`)
  const link = await server.setUpLink()
  if (link) say(`Make the first administrator here (this link works once): ${link}`)
} catch (error) {
  fail(error, log)
}

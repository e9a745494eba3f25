import path from 'node:path'
import { engineState } from './modules.ts'
import type { Config } from './platform/config/index.ts'
import type { Platform } from './platform/context.ts'
import { createHttp, openStaticPage } from './platform/http/index.ts'
import type { HandlerMap, Module } from './platform/http/index.ts'
import { listen } from './platform/http/listen.ts'
import { addOperatorRoute } from './platform/http/operator-access.ts'
import type { Listening } from './platform/http/listen.ts'
import { platformRoutes } from './platform/http/platform-routes.ts'
import { runIdempotently } from './platform/idempotency/index.ts'
import type { Log } from './platform/log/index.ts'
import { addMetrics } from './platform/metrics/index.ts'
import { openPlatform } from './platform/open-platform.ts'
import type { OpenPlatform } from './platform/open-platform.ts'
import { createSocketServer } from './platform/socket/index.ts'
import type { SocketServer } from './platform/socket/index.ts'
import { StartError } from './platform/start-error.ts'

export interface RunningServer {
  readonly platform: Platform
  readonly port: number
  /** The address for people: ANNEAL_PUBLIC_URL, or localhost with the port that was taken. */
  readonly url: string
  /** Null once there is a user. */
  setUpLink(): Promise<string | null>
  /** Lets what runs come to an end: pages are told to come back, answers get 10 s, trainers go on. */
  stop(): Promise<void>
}

function authorityOf(modules: readonly Module[]) {
  const [authority, ...more] = modules.flatMap((module) => module.authority ?? [])
  if (!authority || more.length > 0) throw new StartError('Exactly one module says who is who.')
  return authority
}

/** Does what the operator's command line asks, and gives lines to print. */
export type Operator = (platform: Platform, operation: string, input: unknown) => Promise<string[]>

interface Services {
  socket: SocketServer
  http: ReturnType<typeof createHttp>
  state: { stopping: boolean }
  operatorRoute: ReturnType<typeof addOperatorRoute>
}

async function compose(
  platform: Platform,
  modules: readonly Module[],
  operator: Operator,
): Promise<Services> {
  const { config } = platform
  const authority = authorityOf(modules)
  const socket = createSocketServer(platform, authority)
  const state = { stopping: false }
  const own = platformRoutes({
    access: () => socket.access,
    authority,
    engineState,
    isStopping: () => state.stopping,
  })
  const handlers: HandlerMap = Object.assign({}, own, ...modules.map((module) => module.routes ?? {}))
  const page = openStaticPage(path.join(config.root, 'apps/web/dist'))
  const http = createHttp({ platform, authority, handlers, idempotently: runIdempotently, page })
  if (config.metricsToken) await addMetrics(http.app, config.metricsToken, { sockets: () => socket.size })
  const operatorRoute = addOperatorRoute(http.app, config.data, (name, input) =>
    operator(platform, name, input),
  )
  return { socket, http, state, operatorRoute }
}

async function startModules(
  platform: Platform,
  modules: readonly Module[],
  started: Module[],
): Promise<void> {
  for (const module of modules) {
    started.push(module)
    await module.start?.(platform)
  }
}

/** The last started stops first. One that fails to stop keeps none of the others from it. */
async function stopModules(platform: Platform, started: readonly Module[]): Promise<void> {
  for (const module of started.toReversed()) {
    try {
      await module.stop?.(platform)
    } catch (error) {
      platform.log.error(`${module.name} did not stop cleanly`, { error })
    }
  }
}

/** Where this machine itself reaches the server. */
function localUrl(config: Config, port: number): string {
  const [host = '127.0.0.1'] = config.hosts
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}

async function open(
  opened: OpenPlatform,
  modules: readonly Module[],
  started: Module[],
  operator: Operator,
): Promise<Services & { listening: Listening }> {
  const { platform } = opened
  const services = await compose(platform, modules, operator)
  await startModules(platform, modules, started)
  const listening = await listen(services.http.app, platform.config.hosts, platform.config.port)
  for (const server of listening.servers) services.socket.attach(server)
  await opened.listening(listening.port)
  services.operatorRoute.announce(localUrl(platform.config, listening.port))
  for (const module of modules) await module.ready?.(platform)
  return { ...services, listening }
}

/** Starts a whole server; rejects with a StartError, and nothing left open, where it cannot. */
export async function startServer(
  config: Config,
  modules: readonly Module[],
  log: Log,
  operator: Operator,
): Promise<RunningServer> {
  const opened = await openPlatform(config, modules, log)
  const { platform } = opened
  const started: Module[] = []
  try {
    const { socket, http, state, listening, operatorRoute } = await open(opened, modules, started, operator)
    return {
      platform,
      port: listening.port,
      url: config.publicUrl ?? `http://localhost:${listening.port}`,
      setUpLink: () => authorityOf(modules).setUpLink(platform),
      async stop() {
        state.stopping = true
        operatorRoute.withdraw()
        http.refuseNew()
        socket.close()
        opened.noNewWork()
        await stopModules(platform, started)
        await listening.close()
        await opened.close()
      },
    }
  } catch (error) {
    await stopModules(platform, started)
    await opened.close()
    throw error
  }
}

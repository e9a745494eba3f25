import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { StartError } from '../start-error.ts'
import { answerClientError, limitServer, requestLimits, serverOptions } from './limits.ts'
import type { RequestLimits } from './limits.ts'

export interface Listening {
  readonly port: number
  /** The one that Fastify made, and one for each further address. */
  readonly servers: readonly Server[]
  close(): Promise<void>
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function startError(error: unknown, host: string, port: number): unknown {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new StartError(
        `Port ${port} on ${host} is in use. Stop what uses it, or choose another with ANNEAL_PORT.`,
      )
    case 'EACCES':
      return new StartError(
        `Port ${port} on ${host} may not be opened by this user. Choose one above 1023 with ANNEAL_PORT.`,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartError(`${host} is no address of this machine. Check ANNEAL_HOST.`)
    default:
      return error
  }
}

async function listenBeside(
  app: FastifyInstance,
  host: string,
  port: number,
  limits: RequestLimits,
): Promise<Server | null> {
  const server = createServer(serverOptions(limits), (request, response) => app.routing(request, response))
  server.keepAliveTimeout = app.server.keepAliveTimeout
  limitServer(server, answerClientError)
  const outcome = Promise.withResolvers<Server | null>()
  server.once('error', (error) => {
    // A machine without IPv6 has no ::1, and needs none.
    if (['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(codeOf(error))) outcome.resolve(null)
    else outcome.reject(startError(error, host, port))
  })
  server.listen({ host, port }, () => outcome.resolve(server))
  return outcome.promise
}

/** Listens on every host, all on one port. */
export async function listen(
  app: FastifyInstance,
  hosts: readonly string[],
  wanted: number,
  limits = requestLimits,
): Promise<Listening> {
  const [first = '127.0.0.1', ...others] = hosts
  try {
    await app.listen({ host: first, port: wanted, listenTextResolver: () => '' })
  } catch (error) {
    throw startError(error, first, wanted)
  }
  const { port } = app.server.address() as AddressInfo
  const beside: Server[] = []
  for (const host of others) {
    const server = await listenBeside(app, host, port, limits)
    if (server) beside.push(server)
  }
  return {
    port,
    servers: [app.server, ...beside],
    async close() {
      const closed = beside.map((server) => {
        return new Promise((resolve) => {
          server.close(resolve)
          server.closeAllConnections()
        })
      })
      app.server.closeIdleConnections()
      await Promise.all([...closed, app.close()])
    },
  }
}

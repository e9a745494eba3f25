import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { Platform } from '../context.ts'
import { languageOf } from '../http/catalogue.ts'
import { hostCheck } from '../http/hosts.ts'
import type { Authority } from '../http/module.ts'
import { Access } from './access.ts'
import { closeCodes, Connection } from './connection.ts'
import { Ticker } from './ticker.ts'

export { eventsOverHttp } from './events-over-http.ts'
export type { Access } from './access.ts'

const path = '/api/v1/socket'
const pingMs = 30_000
/** The page's requests are small; a frame that is not is no request. */
const maxPayload = 64 * 1024

export interface SocketServer {
  readonly access: Access
  readonly size: number
  /** Takes the upgrades of a server that listens. */
  attach(server: Server): void
  /** Tells every page to come back soon, and takes no new one. */
  close(): void
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

function addressOf(request: IncomingMessage, trustProxy: boolean): string | null {
  const forwarded = request.headers['x-forwarded-for']
  const last = trustProxy ? [forwarded].flat().join(',').split(',').at(-1)?.trim() : undefined
  return last || (request.socket.remoteAddress ?? null)
}

/** Ends connections whose other side is gone without a word. */
function watchLife(server: WebSocketServer): NodeJS.Timeout {
  const silent = new WeakSet<WebSocket>()
  const timer = setInterval(() => {
    for (const socket of server.clients) {
      if (silent.has(socket)) socket.terminate()
      else {
        silent.add(socket)
        socket.once('pong', () => silent.delete(socket))
        socket.ping()
      }
    }
  }, pingMs)
  return timer.unref()
}

/** The page's one WebSocket (packages/contract/src/socket.ts says what is spoken on it). */
export function createSocketServer(platform: Platform, authority: Authority): SocketServer {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload,
    perMessageDeflate: false,
    clientTracking: true,
  })
  const access = new Access(platform, authority)
  const ticker = new Ticker()
  const connections = new Set<Connection>()
  const isOurHost = hostCheck(platform.config)
  const timer = watchLife(server)
  let closing = false
  // Who may watch is asked when a watch begins: where fewer may than before, those who watch something ask again.
  const stopListening = platform.events.onChange('access', (row) => {
    if (row.data?.['narrowed'] !== true) return
    for (const connection of connections) connection.accessChanged(row.ownerId)
  })

  const open = (socket: WebSocket, request: IncomingMessage) => {
    const connection = new Connection(socket, {
      access,
      ticker,
      sees: (ctx, row) => authority.sees(platform, ctx.actor, row),
      context: {
        platform,
        requestId: `socket-${randomUUID()}`,
        address: addressOf(request, platform.config.trustProxy),
        language: languageOf(request.headers['accept-language']),
        route: null,
      },
    })
    connections.add(connection)
    socket.once('close', () => connections.delete(connection))
  }

  return {
    access,
    get size() {
      return connections.size
    },
    attach(http) {
      http.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
        stream.on('error', () => stream.destroy())
        if (!isOurHost(request.headers.host)) return refuse(stream, '421 Misdirected Request')
        if (request.url?.split('?', 1)[0] !== path) return refuse(stream, '404 Not Found')
        if (closing) return refuse(stream, '503 Service Unavailable')
        server.handleUpgrade(request, stream, head, open)
      })
    },
    close() {
      closing = true
      clearInterval(timer)
      stopListening()
      for (const connection of connections) connection.close(closeCodes.comeBack, 'come back')
      access.close()
    },
  }
}

import { Agent, get } from 'node:http'
import { createServer } from 'node:net'

/** Kept connections: a look each second must cost next to nothing. */
const agent = new Agent({ keepAlive: true, maxFreeSockets: 64 })

/** Whether the served model answers on its loopback port. Not an address that a person gave: no outbound rules. */
export function isHealthy(port: number, timeoutMs = 3000): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/health', agent, timeout: timeoutMs }, (reply) => {
      reply.resume()
      reply.once('end', () => resolve(reply.statusCode === 200))
      reply.once('error', () => resolve(false))
    })
    request.once('timeout', () => request.destroy())
    request.once('error', () => resolve(false))
  })
}

/** A port of 127.0.0.1 that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

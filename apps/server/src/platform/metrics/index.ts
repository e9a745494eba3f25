import { timingSafeEqual, createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'

const digest = (text: string) => createHash('sha256').update(text).digest()

export interface MetricsSources {
  sockets(): number
}

/** Measures each request by route and status, and answers `/metrics` to whoever sends the token. */
export async function addMetrics(
  app: FastifyInstance,
  token: string,
  sources: MetricsSources,
): Promise<void> {
  const { collectDefaultMetrics, Gauge, Histogram, Registry } = await import('prom-client')
  const register = new Registry()
  collectDefaultMetrics({ register, prefix: 'anneal_' })
  const seconds = new Histogram({
    name: 'anneal_http_request_duration_seconds',
    help: 'Time to the end of the reply, by method, route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [register],
  })
  new Gauge({
    name: 'anneal_socket_connections',
    help: 'Pages that are connected by WebSocket',
    registers: [register],
    collect() {
      this.set(sources.sockets())
    },
  })
  app.addHook('onResponse', (request, reply, done) => {
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? 'page',
      status: reply.statusCode,
    }
    seconds.observe(labels, reply.elapsedTime / 1000)
    done()
  })
  const expected = digest(`Bearer ${token}`)
  app.get('/metrics', async (request, reply) => {
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) {
      return reply.code(401).header('www-authenticate', 'Bearer').type('text/plain').send('')
    }
    return reply.type(register.contentType).send(await register.metrics())
  })
}

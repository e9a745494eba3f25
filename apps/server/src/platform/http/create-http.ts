import { randomBytes } from 'node:crypto'
import { routes } from '@anneal/contract'
import type { RouteDefinition, RouteName } from '@anneal/contract'
import Fastify from 'fastify'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Platform } from '../context.ts'
import { AppError } from '../errors.ts'
import { StartError } from '../start-error.ts'
import { languageOf } from './catalogue.ts'
import { createAjv, replyCheck } from './check-reply.ts'
import type { HandlerMap } from './handlers.ts'
import { hostCheck, sameOrigin } from './hosts.ts'
import {
  answerClientError,
  isTooDeep,
  limitServer,
  requestLimits,
  serverOptions,
  watchBody,
} from './limits.ts'
import type { RequestLimits } from './limits.ts'
import { logRequest } from './log-request.ts'
import type { Authority } from './module.ts'
import { asAppError, errorBody } from './problem.ts'
import type { Dialect } from './problem.ts'
import { securityHeaders } from './security-headers.ts'
import { serveRoute } from './serve-route.ts'
import type { RouteServices } from './serve-route.ts'
import type { RunIdempotently } from './server-options.ts'
import type { StaticPage } from './static-page.ts'

const defaultBodyLimit = 2 ** 20

export interface HttpOptions {
  platform: Platform
  authority: Authority
  handlers: HandlerMap
  idempotently: RunIdempotently
  page: StaticPage
  /** For tests to shorten. */
  limits?: RequestLimits
}

export interface HttpServer {
  readonly app: FastifyInstance
  /** Answers every further request with 503 and ends the open event streams. */
  refuseNew(): void
}

/** Sortable within one server's life and unlike another's; half the price of a random UUID. */
function requestIds(): () => string {
  const prefix = randomBytes(5).toString('hex')
  let number = 0
  return () => `${prefix}-${(++number).toString(36)}`
}

/** Who reads the errors of an address that belongs to no route. */
function dialectOf(url: string): Dialect {
  if (url.startsWith('/v1/')) return 'openai'
  return url.startsWith('/api/') && !url.startsWith('/api/v1/') ? 'swanlab' : 'problem'
}

function isOfPrograms(url: string): boolean {
  return /^\/(api|v1|metrics)(\/|\?|$)/.test(url)
}

function checkComplete(handlers: HandlerMap): void {
  const table: Record<string, RouteDefinition> = routes
  const missing = Object.keys(table).filter((name) => !handlers[name])
  if (missing.length > 0) throw new StartError(`No handler for these routes: ${missing.join(', ')}.`)
  const unknown = Object.keys(handlers).filter((name) => !table[name])
  if (unknown.length > 0) throw new StartError(`Handlers without a route: ${unknown.join(', ')}.`)
  const open = Object.entries(table).filter(([, { permission }]) => !permission)
  if (open.length > 0)
    throw new StartError(`Routes without a permission: ${open.map(([name]) => name).join(', ')}.`)
}

/** Builds the HTTP side from the contract's routes; throws a StartError where a route lacks its handler. */
export function createHttp(options: HttpOptions): HttpServer {
  const { platform, handlers, page, limits = requestLimits } = options
  checkComplete(handlers)
  const app = Fastify({
    logger: false,
    // One proxy, the nearest: what stands before it in X-Forwarded-For may be anyone's invention.
    trustProxy: platform.config.trustProxy ? (_address, hop) => hop < 1 : false,
    bodyLimit: defaultBodyLimit,
    genReqId: requestIds(),
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 500 },
    http: serverOptions(limits),
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => void onBadAddress(error, request, reply),
  })
  limitServer(app.server, answerClientError)
  const onBadAddress = (_error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    reply.headers(securityHeaders(isHttps(platform)))
    return sendError(new AppError('platform.bad-address'), request, reply)
  }
  const services: RouteServices = { ...options, streams: new Set() }
  const state = { stopping: false }
  addHooks(app, platform, state)
  addParsers(app, limits)
  addErrors(app, platform, page)
  addRoutes(app, handlers, services, limits)
  return {
    app,
    refuseNew() {
      state.stopping = true
      for (const stream of services.streams) stream.abort()
    },
  }
}

const isHttps = ({ config }: Platform) => config.publicUrl?.startsWith('https:') ?? false

function addHooks(app: FastifyInstance, platform: Platform, state: { stopping: boolean }): void {
  const isOurHost = hostCheck(platform.config)
  const secure = securityHeaders(isHttps(platform))
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    reply.headers(secure)
    const { headers, url } = request
    if (!isOurHost(headers.host)) {
      return done(
        new AppError('platform.wrong-host', { host: headers.host ?? '' }) as unknown as FastifyError,
      )
    }
    if (isOfPrograms(url)) reply.header('cache-control', 'no-store')
    const { 'content-encoding': encoding } = headers
    // Nothing is unpacked: a small body that grows a thousandfold never gets in.
    if (encoding !== undefined && encoding !== 'identity') {
      return done(new AppError('platform.unsupported-encoding') as unknown as FastifyError)
    }
    if (state.stopping) {
      reply.header('connection', 'close')
      if (request.routeOptions.url !== '/api/v1/health') {
        return done(new AppError('platform.stopping', {}, { retryAfter: 5 }) as unknown as FastifyError)
      }
    }
    const reads = request.method === 'GET' || request.method === 'HEAD'
    if (!reads && headers.authorization === undefined && !sameOrigin(headers, platform.config)) {
      return done(new AppError('platform.wrong-origin') as unknown as FastifyError)
    }
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    logRequest(platform.log, request, reply)
    done()
  })
}

function addParsers(app: FastifyInstance, limits: RequestLimits): void {
  app.removeAllContentTypeParsers()
  const parse = app.getDefaultJsonParser('remove', 'remove')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    // Some clients name the type of a body that they do not send.
    if (body === '') done(null, undefined)
    else if (isTooDeep(body, limits.depth)) done(new AppError('platform.too-deep'))
    else void parse(request, body, done)
  })
}

function sendError(error: AppError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const config = request.routeOptions?.config as { dialect?: Dialect } | undefined
  const dialect = config?.dialect ?? dialectOf(request.url)
  const language = languageOf(request.headers['accept-language'])
  const { status, type, body } = errorBody(error, dialect, language, request.id)
  if (error.retryAfter !== undefined) reply.header('retry-after', error.retryAfter)
  // What is left of a large body is not read to its end for a refusal.
  if (!request.raw.complete) reply.header('connection', 'close')
  return reply.code(status).header('content-type', type).send(body)
}

function addErrors(app: FastifyInstance, platform: Platform, page: StaticPage): void {
  app.setErrorHandler((thrown, request, reply) => {
    const error = asAppError(thrown, request.routeOptions.bodyLimit ?? defaultBodyLimit)
    if (error.status >= 500) {
      platform.log.error('a request failed', {
        code: error.code,
        error: error.cause ?? error,
        requestId: request.id,
        url: request.url,
      })
    }
    return sendError(error, request, reply)
  })
  app.setNotFoundHandler((request, reply) => {
    if (!isOfPrograms(request.url)) {
      const served = page.serve(request, reply)
      if (served) return served
    }
    return sendError(new AppError('platform.no-such-route'), request, reply)
  })
}

function addRoutes(
  app: FastifyInstance,
  handlers: HandlerMap,
  services: RouteServices,
  limits: RequestLimits,
): void {
  const ajv = createAjv()
  const add = (scope: FastifyInstance, name: string, definition: RouteDefinition) => {
    const handler = handlers[name]
    if (!handler) return
    const checkReply = definition.reply ? replyCheck(definition.reply, ajv) : null
    scope.route({
      method: definition.method,
      url: definition.path,
      bodyLimit: definition.bodyLimit ?? defaultBodyLimit,
      config: { dialect: definition.dialect ?? 'problem' },
      preParsing: (request, reply, payload, done) => {
        watchBody(request.raw, reply.raw, definition, limits)
        done(null, payload)
      },
      handler: serveRoute({ name: name as RouteName, definition, handler, checkReply }, services),
    })
  }
  const all = Object.entries<RouteDefinition>(routes)
  for (const [name, definition] of all) if (definition.bodyKind !== 'stream') add(app, name, definition)
  app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, payload, ready) => ready(null, payload))
    for (const [name, definition] of all) if (definition.bodyKind === 'stream') add(scope, name, definition)
    done()
  })
}

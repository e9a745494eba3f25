import type { RouteDefinition, RouteName } from '@anneal/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import type { Actor, Context, Platform } from '../context.ts'
import { languageOf } from './catalogue.ts'
import { checkInput } from './check-input.ts'
import type { ReplyCheck } from './check-reply.ts'
import type { AnyHandler, HandlerIo } from './handlers.ts'
import type { Authority } from './module.ts'
import { RequestIo } from './request-io.ts'
import { sendReply } from './send-reply.ts'
import type { RunIdempotently } from './server-options.ts'

export interface ServedRoute {
  readonly name: RouteName
  readonly definition: RouteDefinition
  readonly handler: AnyHandler
  readonly checkReply: ReplyCheck | null
}

export interface RouteServices {
  readonly platform: Platform
  readonly authority: Authority
  readonly idempotently: RunIdempotently
  /** Event streams that are open, to be ended when the server stops. */
  readonly streams: Set<AbortController>
}

const neededScope = (definition: RouteDefinition) =>
  definition.scope ?? (definition.method === 'GET' ? 'api:read' : 'api:write')

/** Throws unless this actor may call this route at all; what it may do with one resource is the handler's to ask. */
function admit(actor: Actor, definition: RouteDefinition): void {
  const { permission } = definition
  if (permission === 'public' || actor.kind === 'system') return
  if (actor.kind === 'nobody') throw new AppError('auth.unauthenticated')
  if (permission !== 'signed-in' && !actor.permissions.has(permission)) throw new AppError('auth.forbidden')
  if (actor.kind !== 'key') return
  const scope = neededScope(definition)
  if (scope !== 'none' && !actor.scopes.has(scope)) throw new AppError('auth.scope-missing', { scope })
  if (definition.sessionOnly === true) throw new AppError('auth.session-needed')
}

/** Throws where a key names a field that only someone signed in may set. */
function admitFields(actor: Actor, { sessionOnly }: RouteDefinition, body: unknown): void {
  if (actor.kind !== 'key' || !Array.isArray(sessionOnly)) return
  const given = body as Record<string, unknown>
  if (sessionOnly.some((field: string) => given[field] !== undefined))
    throw new AppError('auth.session-needed')
}

/** Refusals of someone signed in are kept; those of nobody would let anyone fill the table. */
async function auditRefusal(ctx: Context, error: unknown): Promise<void> {
  if (!(error instanceof AppError) || error.status !== 403 || ctx.actor.kind === 'nobody') return
  try {
    await ctx.platform.audit.refused(ctx, ctx.route ?? 'unknown', null, error.code)
  } catch (cause) {
    ctx.platform.log.error('a refusal could not be written to the audit', {
      error: cause,
      requestId: ctx.requestId,
    })
  }
}

/** The order of every request: who, whether, what, and only then the handler. */
export function serveRoute(route: ServedRoute, services: RouteServices) {
  const { definition, name } = route
  const { platform, authority } = services
  const call = route.handler as (ctx: Context, input: unknown, io: HandlerIo) => unknown

  return async function serve(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { headers } = request
    const actor: Actor =
      definition.permission === 'public'
        ? { kind: 'nobody' }
        : await authority.authenticate(platform, headers.authorization ?? null)
    const ctx: Context = {
      platform,
      actor,
      requestId: request.id,
      address: request.ip,
      language: languageOf(headers['accept-language']),
      route: name,
    }
    try {
      admit(actor, definition)
      const input = checkInput(definition, request)
      admitFields(actor, definition, input.body)
      const io = new RequestIo(request, reply)
      const key = definition.idempotent ? headers['idempotency-key'] : undefined
      const result =
        typeof key === 'string'
          ? await services.idempotently(ctx, definition, key, input, async () => call(ctx, input, io))
          : await call(ctx, input, io)
      return sendReply(result, route, services, request, reply)
    } catch (error) {
      await auditRefusal(ctx, error)
      throw error
    }
  }
}

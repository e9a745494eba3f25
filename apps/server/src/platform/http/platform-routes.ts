import { routes } from '@anneal/contract'
import type { Platform } from '../context.ts'
import type { Access } from '../socket/index.ts'
import { eventsOverHttp } from '../socket/index.ts'
import { handlers } from './handlers.ts'
import type { HandlerMap } from './handlers.ts'
import type { Authority, EngineState } from './module.ts'
import { openApiDocument } from './openapi.ts'
import { textReply } from './replies.ts'

export interface PlatformRouteServices {
  access(): Access
  authority: Authority
  engineState(platform: Platform): EngineState
  isStopping(): boolean
}

const pingMs = 2_000

async function databaseAnswers(platform: Platform): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => late.resolve(false), pingMs)
  const ping = platform.db.ping().then(
    () => true,
    () => false,
  )
  return Promise.race([ping, late.promise]).finally(() => clearTimeout(timer))
}

/** The routes that belong to no module: health, the description of all routes, changes as events. */
export function platformRoutes(services: PlatformRouteServices): HandlerMap {
  let document: string | undefined
  return handlers('platform', {
    async 'platform.health'({ platform }) {
      const well = await databaseAnswers(platform)
      return {
        status: services.isStopping() ? 'stopping' : well ? 'ok' : 'degraded',
        version: platform.config.version,
        database: well ? 'ok' : 'failed',
        engine: services.engineState(platform),
      }
    },
    'platform.openapi'({ platform }) {
      document ??= openApiDocument(routes, platform.config.version)
      return textReply(document, 'application/json; charset=utf-8')
    },
    'platform.events'(ctx, _input, io) {
      return eventsOverHttp(ctx, io, services.access(), services.authority)
    },
  })
}

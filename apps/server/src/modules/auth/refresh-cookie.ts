import type { Context, Platform } from '../../platform/context.ts'
import type { HandlerIo } from '../../platform/http/index.ts'
import { sessionIdle } from './sessions.ts'

const path = '/api/v1/auth'

function nameOf(platform: Platform): string {
  return `anneal_${platform.instanceId}_refresh`
}

export function readRefreshCookie(ctx: Context, io: HandlerIo): string | null {
  return io.cookies[nameOf(ctx.platform)] || null
}

function setRefreshCookie(ctx: Context, io: HandlerIo, token: string): void {
  io.setCookie(nameOf(ctx.platform), token, { path, sameSite: 'strict', maxAge: sessionIdle / 1000 })
}

/** The reply to whoever is let in, or told the next step; what keeps them in goes into the cookie alone. */
export function enter<T>(
  ctx: Context,
  io: HandlerIo,
  { reply, refreshToken }: { reply: T; refreshToken: string | null },
): T {
  if (refreshToken !== null) setRefreshCookie(ctx, io, refreshToken)
  return reply
}

export function clearRefreshCookie(ctx: Context, io: HandlerIo): void {
  io.clearCookie(nameOf(ctx.platform), { path, sameSite: 'strict' })
}

/** What a sender says it is. */
export const deviceOf = (io: HandlerIo) => ({ userAgent: io.headers['user-agent'] ?? null })

/** The address of the page that asks, where the browser names it. */
export const originOf = (io: HandlerIo) => io.headers.origin

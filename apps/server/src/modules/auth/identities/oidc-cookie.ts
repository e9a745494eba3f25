import type { Language } from '@anneal/contract'
import type { Context, Platform } from '../../../platform/context.ts'
import type { HandlerIo } from '../../../platform/http/index.ts'

/** What a sign-in that has begun has to come back with. */
export interface Begun {
  provider: string
  state: string
  nonce: string
  verifier: string
  /** Where the person wanted to go. */
  to: string
  language: Language
  at: number
}

export const lasts = 600_000
const path = '/api/v1/auth/oidc'
const nameOf = (platform: Platform) => `anneal_${platform.instanceId}_oidc`

/** Lax: a Strict cookie would be absent when the provider sends the person back. */
export function keepBegun(ctx: Context, io: HandlerIo, begun: Begun): void {
  const sealed = ctx.platform.secrets.encrypt(JSON.stringify(begun))
  io.setCookie(nameOf(ctx.platform), sealed, { path, sameSite: 'lax', maxAge: lasts / 1000 })
}

/** What has begun in this browser, and is not too old; it is used up by being read. */
export function takeBegun(ctx: Context, io: HandlerIo): Begun | null {
  const { platform } = ctx
  const sealed = io.cookies[nameOf(platform)]
  io.clearCookie(nameOf(platform), { path, sameSite: 'lax' })
  if (!sealed) return null
  try {
    const begun = JSON.parse(platform.secrets.decrypt(sealed)) as Begun
    return platform.clock.now() - begun.at < lasts ? begun : null
  } catch {
    return null
  }
}

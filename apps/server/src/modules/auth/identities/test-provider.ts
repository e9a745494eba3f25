import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { requireRank } from '../ranks.ts'
import { discover, fetchOf } from './oidc-client.ts'
import { reasonOf } from './oidc-failure.ts'

type Tested = RouteReply<'identity.testProvider'>

const unreachable = (url: string, error: unknown) =>
  new AppError('identity.issuer-unreachable', { url, reason: reasonOf(error) }, { cause: error })

const needed = {
  authorization_endpoint: 'authorization_endpoint',
  token_endpoint: 'token_endpoint',
  jwks_uri: 'jwks_uri',
} as const

async function keysAt(ctx: Context, url: string): Promise<number> {
  const reply = await fetchOf(ctx.platform)(url, {
    method: 'GET',
    headers: { accept: 'application/json' },
    body: undefined,
    redirect: 'manual',
    signal: AbortSignal.timeout(20_000),
  })
  const { keys } = (await reply.json()) as { keys?: unknown }
  return Array.isArray(keys) ? keys.length : 0
}

/** Of a discovery that failed: another name, or nothing that could be read. */
function discoveryFailure(issuer: string, error: unknown): AppError {
  if (error instanceof AppError) return error
  const cause = error instanceof Error ? error.cause : undefined
  if (cause instanceof AppError) return cause
  const { expected, body } = (cause ?? {}) as { expected?: unknown; body?: { issuer?: unknown } }
  if (typeof body?.issuer === 'string' && expected !== undefined)
    return new AppError('identity.issuer-unlike', { issuer: body.issuer.slice(0, 500) })
  return unreachable(issuer, error)
}

/**
 * Reads an issuer's discovery document and its keys, before anyone depends on them.
 * @throws AppError `identity.issuer-unreachable`, `identity.issuer-unlike`, `identity.issuer-unfit`,
 * `platform.address-refused`, `auth.role-too-high`.
 */
export async function testProvider(ctx: Context, issuer: string): Promise<Tested> {
  await requireRank(ctx, ctx.platform.db.read, 'administrator')
  const client = await discover(ctx.platform, { issuer, clientId: 'test', clientSecret: null }).catch(
    (error: unknown) => Promise.reject(discoveryFailure(issuer, error)),
  )
  const found = client.serverMetadata()
  for (const what of Object.values(needed))
    if (!found[what]) throw new AppError('identity.issuer-unfit', { what })
  const jwks = found.jwks_uri ?? ''
  const keys = await keysAt(ctx, jwks).catch((error: unknown) => {
    throw error instanceof AppError ? error : unreachable(jwks, error)
  })
  if (keys === 0) throw new AppError('identity.issuer-unfit', { what: 'keys' })
  const warnings: Tested['warnings'] = []
  if (issuer.startsWith('http:')) warnings.push('plain-http')
  if (!found.code_challenge_methods_supported?.includes('S256')) warnings.push('no-pkce')
  if (!found.userinfo_endpoint) warnings.push('no-user-info')
  return {
    issuer: found.issuer,
    authorizationEndpoint: found.authorization_endpoint ?? '',
    tokenEndpoint: found.token_endpoint ?? '',
    keys,
    warnings,
  }
}

import * as oidc from 'openid-client'
import type { Context, Platform } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import type { HandlerIo, RedirectReply } from '../../../platform/http/index.ts'
import { redirect } from '../../../platform/http/index.ts'
import type { OidcProviderRow } from '../auth.tables.ts'
import { adoptIdentity } from './adopt-identity.ts'
import { personOfClaims, claimAt, type Claims } from './claims.ts'
import { enterOutside } from './enter-outside.ts'
import { providerById } from './identities.repo.ts'
import { clientOf } from './oidc-client.ts'
import { keepBegun, takeBegun, type Begun } from './oidc-cookie.ts'
import { failureOf, reasonOf } from './oidc-failure.ts'
import { callbackUrl, mailDomainsOf, originOf, roleMapOf } from './provider.ts'

/** Only a path of this page: an address from outside must not lead away. */
const safePath = (to: string | null): string =>
  to && /^\/(?![/\\])[\x21-\x7e]*$/.test(to) ? to.slice(0, 500) : '/'

async function providerOf(platform: Platform, id: string): Promise<OidcProviderRow> {
  const row = await platform.db.read.first(providerById, { id })
  if (!row || Number(row.enabled) !== 1) throw new AppError('auth.oidc-off')
  return row
}

/** What went wrong is said on the sign-in page, which knows its words; the log says more. */
function backToSignIn(ctx: Context, id: string, error: unknown, to: string): RedirectReply {
  const failure = failureOf(error)
  ctx.platform.log.warn('a sign-in through a provider was refused', {
    provider: id,
    code: failure.code,
    reason: reasonOf(error),
    requestId: ctx.requestId,
  })
  const query = new URLSearchParams({ problem: failure.code, via: id, ...(to === '/' ? {} : { to }) })
  return redirect(`${originOf(ctx.platform)}/sign-in?${query}`)
}

/** Sends someone to a provider, and keeps in their browser what they have to come back with. */
export async function startOidc(ctx: Context, id: string, io: HandlerIo): Promise<RedirectReply> {
  const to = safePath(io.query.get('to'))
  try {
    const row = await providerOf(ctx.platform, id)
    const client = await clientOf(ctx.platform, row)
    const verifier = oidc.randomPKCECodeVerifier()
    const begun: Begun = {
      provider: id,
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier,
      to,
      language: ctx.language,
      at: ctx.platform.clock.now(),
    }
    const url = oidc.buildAuthorizationUrl(client, {
      redirect_uri: callbackUrl(ctx.platform, id),
      scope: row.scopes,
      state: begun.state,
      nonce: begun.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    keepBegun(ctx, io, begun)
    return redirect(url.href)
  } catch (error) {
    return backToSignIn(ctx, id, error, to)
  }
}

/** What the provider says of someone; asked for again where the token left out what is needed. */
async function claimsOf(
  client: oidc.Configuration,
  tokens: Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>,
  groupClaim: string,
): Promise<Claims> {
  const claims = tokens.claims()
  if (!claims) throw new AppError('auth.oidc-not-trusted')
  const lacks = claims['email'] === undefined || (groupClaim && claimAt(claims, groupClaim) === undefined)
  if (!lacks || !client.serverMetadata().userinfo_endpoint) return claims
  const more = await oidc.fetchUserInfo(client, tokens.access_token, claims.sub)
  return { ...more, ...claims }
}

async function finish(ctx: Context, id: string, io: HandlerIo, begun: Begun | null): Promise<RedirectReply> {
  // From another provider, browser or time: whatever it holds, it is no answer to what began here.
  if (!begun || begun.provider !== id || io.query.get('state') !== begun.state)
    throw new AppError('auth.oidc-expired')
  const row = await providerOf(ctx.platform, id)
  const client = await clientOf(ctx.platform, row)
  const tokens = await oidc.authorizationCodeGrant(
    client,
    new URL(`${callbackUrl(ctx.platform, id)}?${io.query}`),
    {
      pkceCodeVerifier: begun.verifier,
      expectedState: begun.state,
      expectedNonce: begun.nonce,
      idTokenExpected: true,
    },
  )
  const claims = await claimsOf(client, tokens, row.group_claim)
  const person = personOfClaims(claims, row.issuer, row.group_claim)
  const rules = {
    directory: { id: row.id, name: row.name },
    roleMap: roleMapOf(row),
    defaultRole: row.default_role,
    createAccounts: Number(row.create_accounts) === 1,
    mailDomains: mailDomainsOf(row),
  }
  const user = await adoptIdentity(ctx, person, rules, begun.language)
  return redirect(originOf(ctx.platform) + (await enterOutside(ctx, io, user, begun.to)))
}

/** Takes up someone whom a provider sends back. */
export async function finishOidc(ctx: Context, id: string, io: HandlerIo): Promise<RedirectReply> {
  const begun = takeBegun(ctx, io)
  try {
    return await finish(ctx, id, io, begun)
  } catch (error) {
    return backToSignIn(ctx, id, error, begun?.provider === id ? begun.to : '/')
  }
}

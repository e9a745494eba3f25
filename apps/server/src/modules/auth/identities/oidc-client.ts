import * as oidc from 'openid-client'
import { perPlatform, type Platform } from '../../../platform/context.ts'
import type { OidcProviderRow } from '../auth.tables.ts'

const keptMs = 600_000
const longestReply = 1_000_000
const timeouts = { connectTimeoutMs: 10_000, headersTimeoutMs: 15_000 }

/** The library's calls, by the one way out: a redirect is not followed, and nothing large is read. */
export function fetchOf(platform: Platform): oidc.CustomFetch {
  return async (url, options) => {
    const headers = Object.fromEntries(new Headers(options.headers).entries())
    const reply = await platform.outbound.transport.request({
      method: options.method === 'POST' ? 'POST' : 'GET',
      url,
      headers,
      ...(options.body == null ? {} : { body: bodyText(options.body) }),
      signal: options.signal ?? AbortSignal.timeout(30_000),
      redirects: 'kept',
      ...timeouts,
    })
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of reply.body as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > longestReply) throw Object.assign(new Error('the reply is too large'), { code: 'EMSGSIZE' })
      chunks.push(chunk)
    }
    const isEmpty = reply.status === 204 || reply.status === 304
    return new Response(isEmpty ? null : Buffer.concat(chunks), {
      status: reply.status,
      headers: reply.headers,
    })
  }
}

function bodyText(body: NonNullable<oidc.FetchBody>): string {
  return body instanceof URLSearchParams || typeof body === 'string' ? body.toString() : ''
}

/** Reads an issuer's discovery document. */
export async function discover(
  platform: Platform,
  client: { issuer: string; clientId: string; clientSecret: string | null },
): Promise<oidc.Configuration> {
  const server = new URL(client.issuer)
  const { clientSecret: secret } = client
  const found = await oidc.discovery(server, client.clientId, {}, oidc.None(), {
    [oidc.customFetch]: fetchOf(platform),
    execute: server.protocol === 'http:' ? [oidc.allowInsecureRequests] : [],
    timeout: 20,
  })
  const metadata = found.serverMetadata()
  const ways = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  const asBody = ways.includes('client_secret_post') && !ways.includes('client_secret_basic')
  const by =
    secret === null ? oidc.None() : asBody ? oidc.ClientSecretPost(secret) : oidc.ClientSecretBasic(secret)
  const config = new oidc.Configuration(metadata, client.clientId, {}, by)
  config[oidc.customFetch] = fetchOf(platform)
  config.timeout = 20
  if (server.protocol === 'http:') oidc.allowInsecureRequests(config)
  // The signature counts, not only that the answer came by a connection to the provider.
  oidc.enableNonRepudiationChecks(config)
  return config
}

const remembered = perPlatform(
  () => new Map<string, { version: number; at: number; config: Promise<oidc.Configuration> }>(),
)

/** A provider's client; what its discovery said is kept for ten minutes, with its keys. */
export function clientOf(platform: Platform, row: OidcProviderRow): Promise<oidc.Configuration> {
  const all = remembered(platform)
  const now = platform.clock.now()
  const known = all.get(row.id)
  if (known && known.version === row.version && now - known.at < keptMs) return known.config
  const clientSecret = row.client_secret === null ? null : platform.secrets.decrypt(row.client_secret)
  const config = discover(platform, { issuer: row.issuer, clientId: row.client_id, clientSecret })
  all.set(row.id, { version: row.version, at: now, config })
  config.catch(() => all.delete(row.id))
  return config
}

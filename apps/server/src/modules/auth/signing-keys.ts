import { generateKeyPairSync } from 'node:crypto'
import { createSigner, createVerifier, TokenError } from 'fast-jwt'
import type { Platform } from '../../platform/context.ts'
import { perPlatform } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { SigningKeyRow } from './auth.tables.ts'
import { insertSigningKey, signingKeys } from './sessions.repo.ts'

export const accessTokenSeconds = 900
/** How often an unknown key id may make this server look for new keys. */
const reloadAfter = 5000
/** A new key signs only once every server that meets a token of it will look for it. */
const signsAfter = 2 * reloadAfter

export interface AccessClaims {
  /** User id. */
  sub: string
  /** Session id. */
  sid: string
  /** Seconds since 1970. */
  exp: number
}

type Verify = (token: string) => AccessClaims
interface Keys {
  /** Newest first, each with the time from which it signs. */
  signers: readonly { from: number; sign: (claims: { sub: string; sid: string }) => string }[]
  /** By the token's whole first part, so that only headers that we wrote ourselves are read at all. */
  verifiers: ReadonlyMap<string, Verify>
  loadedAt: number
}

const state = perPlatform<{ keys: Promise<Keys> | null }>(() => ({ keys: null }))

function headerOf(kid: string): string {
  return Buffer.from(JSON.stringify({ alg: 'EdDSA', typ: 'JWT', kid })).toString('base64url')
}

function signerOf(platform: Platform, row: SigningKeyRow) {
  const id = platform.instanceId
  return createSigner<{ sub: string; sid: string }>({
    algorithm: 'EdDSA',
    key: platform.secrets.decrypt(row.private_key),
    kid: row.kid,
    iss: id,
    aud: id,
    expiresIn: accessTokenSeconds * 1000,
  })
}

function verifierFor(id: string, row: SigningKeyRow): Verify {
  return createVerifier({
    algorithms: ['EdDSA'],
    key: row.public_key,
    allowedIss: id,
    allowedAud: id,
    requiredClaims: ['sub', 'sid', 'exp', 'iss', 'aud'],
    cache: 20_000,
    cacheTTL: accessTokenSeconds * 1000,
  }) as Verify
}

/** Newest first; of the last one, older tokens are read, and it is what signs until the next is old enough. */
function toKeys(platform: Platform, rows: readonly SigningKeyRow[]): Keys {
  if (rows.length === 0) throw new AppError('platform.internal')
  const signers = rows.slice(0, 2).map((row, at) => ({
    from: at === rows.length - 1 ? 0 : Number(row.created_at) + signsAfter,
    sign: signerOf(platform, row),
  }))
  const verifiers = new Map(
    rows.map((row) => [headerOf(row.kid), verifierFor(platform.instanceId, row)] as const),
  )
  return { signers, verifiers, loadedAt: platform.clock.now() }
}

/** A new key pair, its secret half encrypted. */
export function newSigningKey(platform: Platform): SigningKeyRow {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return {
    kid: newId(),
    public_key: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    private_key: platform.secrets.encrypt(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
    created_at: platform.clock.now(),
  }
}

async function load(platform: Platform): Promise<Keys> {
  const rows = await platform.db.read.all(signingKeys, {})
  if (rows.length > 0) return toKeys(platform, rows)
  const made = newSigningKey(platform)
  await platform.db.transaction((tx) => tx.run(insertSigningKey, made))
  // Another server may have made one at the same moment: both verify, the newest signs.
  return toKeys(platform, await platform.db.read.all(signingKeys, {}))
}

function keysOf(platform: Platform): Promise<Keys> {
  const mine = state(platform)
  if (!mine.keys) {
    const loading = load(platform)
    mine.keys = loading
    loading.catch(() => {
      if (mine.keys === loading) mine.keys = null
    })
  }
  return mine.keys
}

/** Reads the signing keys, making the first one. */
export async function prepareSigningKeys(platform: Platform): Promise<void> {
  await keysOf(platform)
}

/** Looks at the table again at the next use. */
export function forgetSigningKeys(platform: Platform): void {
  state(platform).keys = null
}

/** Looks whether the keys are still those that are known here; what was verified by them is kept where they are. */
export async function lookAtSigningKeys(platform: Platform): Promise<void> {
  const rows = await platform.db.read.all(signingKeys, {})
  const known = await keysOf(platform)
  const isSame =
    rows.length === known.verifiers.size && rows.every((row) => known.verifiers.has(headerOf(row.kid)))
  if (!isSame) forgetSigningKeys(platform)
}

/** An access token of this session, and when it ends (Unix milliseconds). */
export async function signAccessToken(
  platform: Platform,
  claims: { sub: string; sid: string },
): Promise<{ accessToken: string; expiresAt: number }> {
  const { signers } = await keysOf(platform)
  const now = platform.clock.now()
  const signer = signers.find(({ from }) => from <= now) ?? signers.at(-1)
  if (!signer) throw new AppError('platform.internal')
  const accessToken = signer.sign({ sub: claims.sub, sid: claims.sid })
  return { accessToken, expiresAt: now + accessTokenSeconds * 1000 }
}

async function verifierOf(platform: Platform, token: string): Promise<Verify | undefined> {
  const header = token.slice(0, Math.max(0, token.indexOf('.')))
  const keys = await keysOf(platform)
  const known = keys.verifiers.get(header)
  if (known || platform.clock.now() - keys.loadedAt < reloadAfter) return known
  // Another server may sign with a key that is newer than our last look.
  state(platform).keys = null
  return (await keysOf(platform)).verifiers.get(header)
}

/**
 * The claims of an access token that we signed ourselves and that still runs.
 * @throws AppError `auth.token-expired`; `auth.unauthenticated` for anything else.
 */
export async function verifyAccessToken(platform: Platform, token: string): Promise<AccessClaims> {
  const verify = await verifierOf(platform, token)
  if (!verify) throw new AppError('auth.unauthenticated')
  try {
    return verify(token)
  } catch (cause) {
    const expired = cause instanceof TokenError && cause.code === TokenError.codes.expired
    throw new AppError(expired ? 'auth.token-expired' : 'auth.unauthenticated', {}, { cause })
  }
}

import { isIP } from 'node:net'
import type { Platform } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'

export interface RelyingParty {
  id: string
  origin: string
}

/** The address that passkeys belong to: this instance's own, never a request's. */
function ownAddress(platform: Platform): URL {
  const { publicUrl, port } = platform.config
  return new URL(publicUrl ?? `http://localhost:${port}`)
}

/** Null where browsers refuse passkeys for this instance's address: an address literal, or plain http under a name. */
export function relyingParty(platform: Platform): RelyingParty | null {
  const { hostname, origin, protocol } = ownAddress(platform)
  if (isIP(hostname.replace(/^\[|\]$/g, ''))) return null
  const isSafe = protocol === 'https:' || hostname === 'localhost' || hostname.endsWith('.localhost')
  return isSafe ? { id: hostname, origin } : null
}

/**
 * The same for a page that asks; `origin` is the request's own, if it names one.
 * @throws AppError `auth.passkeys-unavailable`; `auth.passkeys-elsewhere` for a page under another address.
 */
export function requireRelyingParty(platform: Platform, origin: string | undefined): RelyingParty {
  const party = relyingParty(platform)
  const address = ownAddress(platform).origin
  if (!party) throw new AppError('auth.passkeys-unavailable', { address })
  if (origin !== undefined && origin !== party.origin)
    throw new AppError('auth.passkeys-elsewhere', { address })
  return party
}

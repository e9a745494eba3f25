import { AppError } from '../../../platform/errors.ts'

export type Claims = Readonly<Record<string, unknown>>

/** What a provider says of someone. */
export interface OuterPerson {
  subject: string
  email: string | null
  emailVerified: boolean
  name: string | null
  groups: readonly string[]
}

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null
const isTrue = (value: unknown) => value === true || value === 'true' || value === 1 || value === '1'

/** Entra ID has no `email_verified`; it says by this optional claim that the domain's owner vouches for the address. */
const microsoft =
  /^https:\/\/login\.(microsoftonline\.com|microsoftonline\.us|partner\.microsoftonline\.cn)\//

/** A claim by its whole name, else by the path that its dots make. */
export function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  let here: unknown = claims
  for (const part of name.split('.')) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return undefined
    here = (here as Record<string, unknown>)[part]
  }
  return here
}

/**
 * The groups that a claim lists: none where it is absent.
 * @throws AppError `auth.oidc-groups-elsewhere` where the provider says that there are too many to be sent.
 */
export function groupsOf(claims: Claims, name: string): string[] {
  if (!name) return []
  const moved = claims['_claim_names']
  if (typeof moved === 'object' && moved !== null && Object.hasOwn(moved, name))
    throw new AppError('auth.oidc-groups-elsewhere')
  const value = claimAt(claims, name)
  const list = Array.isArray(value) ? (value as unknown[]) : [value]
  return list.filter((one): one is string => typeof one === 'string')
}

/** Who it is by a provider's claims. */
export function personOfClaims(claims: Claims, issuer: string, groupClaim: string): OuterPerson {
  const email = textOf(claims['email'])
  const vouched = microsoft.test(issuer) && isTrue(claims['xms_edov'])
  return {
    subject: String(claims['sub']),
    email,
    emailVerified: isTrue(claims['email_verified']) || vouched,
    name: textOf(claims['name']) ?? textOf(claims['preferred_username']),
    groups: groupsOf(claims, groupClaim),
  }
}

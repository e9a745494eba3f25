import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { fromJson } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import type { UserRow } from '../auth.tables.ts'
import { hashToken } from '../random-token.ts'
import type { PasskeyRow } from './factors.tables.ts'
import type { RelyingParty } from './relying-party.ts'

/** What a browser gave: checked by the library, which alone knows its form. */
export type GivenCredential = Record<string, unknown>
export type PasskeyOptions = Record<string, unknown>

/** It brings certificates and ASN.1 along, which most requests have no use for. */
const library = () => import('@simplewebauthn/server')

/** EdDSA, ES256 and RS256: what passkeys are made with; looking for newer ones makes Node warn of its own experiments. */
const supportedAlgorithmIDs = [-8, -7, -257]

const transportsOf = (row: PasskeyRow) => fromJson<string[]>(row.transports)

/** Options for making a passkey, and the challenge in them. */
export async function registrationOptions(
  party: RelyingParty,
  user: UserRow,
  known: readonly PasskeyRow[],
): Promise<{ options: PasskeyOptions; challenge: string }> {
  const { generateRegistrationOptions } = await library()
  const options = await generateRegistrationOptions({
    rpName: 'Anneal',
    rpID: party.id,
    userID: new Uint8Array(Buffer.from(user.id)),
    userName: user.mail,
    userDisplayName: user.name,
    attestationType: 'none',
    supportedAlgorithmIDs,
    excludeCredentials: known.map((row) => ({ id: row.credential_id, transports: transportsOf(row) })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  })
  return { options: { ...options }, challenge: options.challenge }
}

/** Options for using one: of these, or of whichever the browser finds, which must then know who holds it. */
export async function authenticationOptions(
  party: RelyingParty,
  known: readonly PasskeyRow[] | null,
): Promise<{ options: PasskeyOptions; challenge: string }> {
  const { generateAuthenticationOptions } = await library()
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    userVerification: known ? 'preferred' : 'required',
    ...(known
      ? { allowCredentials: known.map((row) => ({ id: row.credential_id, transports: transportsOf(row) })) }
      : {}),
  })
  return { options: { ...options }, challenge: options.challenge }
}

export type NewPasskey = Pick<
  PasskeyRow,
  'credential_hash' | 'credential_id' | 'public_key' | 'counter' | 'transports' | 'synced'
>

/**
 * Checks a passkey that a browser has made.
 * @throws AppError `auth.passkey-refused`.
 */
export async function checkRegistration(
  party: RelyingParty,
  challenge: string | null,
  response: GivenCredential,
): Promise<NewPasskey> {
  const { verifyRegistrationResponse } = await library()
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: response as unknown as RegistrationResponseJSON,
      expectedChallenge: challenge ?? '',
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: false,
      supportedAlgorithmIDs,
    })
    if (!verified || !challenge) throw new AppError('auth.passkey-refused')
    const { credential, credentialBackedUp } = registrationInfo
    return {
      credential_hash: hashToken(credential.id),
      credential_id: credential.id,
      public_key: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      transports: JSON.stringify((credential.transports ?? []).slice(0, 8)),
      synced: credentialBackedUp ? 1 : 0,
    }
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('auth.passkey-refused', {}, { cause })
  }
}

/**
 * Checks the use of a passkey; gives its new counter. `alone`: without a password, so the person must have been
 * verified by the device itself.
 * @throws AppError `auth.passkey-refused`.
 */
export async function checkAuthentication(
  party: RelyingParty,
  challenge: string | null,
  row: PasskeyRow,
  given: { response: GivenCredential; alone: boolean },
): Promise<number> {
  const { verifyAuthenticationResponse } = await library()
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: given.response as unknown as AuthenticationResponseJSON,
      expectedChallenge: challenge ?? '',
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: given.alone,
      credential: {
        id: row.credential_id,
        publicKey: new Uint8Array(Buffer.from(row.public_key, 'base64url')),
        counter: Number(row.counter),
        transports: transportsOf(row),
      },
    })
    if (!verified || !challenge) throw new AppError('auth.passkey-refused')
    return authenticationInfo.newCounter
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('auth.passkey-refused', {}, { cause })
  }
}

/** How the passkey that a browser answered with is found. */
export function credentialHash(response: GivenCredential): string {
  const { id } = response
  return hashToken(typeof id === 'string' ? id.slice(0, 2000) : '')
}

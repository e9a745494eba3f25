import { Secret, TOTP } from 'otpauth'

const period = 30
/** Codes of the step before and after are good too: clocks differ, and people type slowly. */
const drift = 1

/** A new authenticator's secret, base32: 160 bits. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32
}

function totp(secret: string, label = ''): TOTP {
  return new TOTP({ issuer: 'Anneal', label, algorithm: 'SHA1', digits: 6, period, secret })
}

/** What an authenticator app reads from the QR code. */
export function totpAddress(secret: string, mail: string): string {
  return totp(secret, mail).toString()
}

/** The step that a code belongs to, if it is good now; null where it is not. */
export function totpStep(secret: string, code: string, now: number): number | null {
  const token = code.replace(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return null
  const delta = totp(secret).validate({ token, timestamp: now, window: drift })
  return delta === null ? null : Math.floor(now / 1000 / period) + delta
}

import { createHash, randomBytes, randomInt } from 'node:crypto'

const keyAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** 256 random bits, base64url. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url')
}

/** An API key: 21 letters and digits, 125 random bits. */
export function randomKey(): string {
  let key = ''
  for (let index = 0; index < 21; index += 1) key += keyAlphabet.charAt(randomInt(keyAlphabet.length))
  return key
}

/** How tokens and keys stand in the tables: they are random, so a plain hash cannot be guessed back. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

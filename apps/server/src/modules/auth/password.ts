import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { AppError } from '../../platform/errors.ts'
import { isCommonPassword } from './common-passwords.ts'

export const shortestPassword = 15
/** Of whoever needs a second factor beside it. */
export const shortestWithFactor = 8
export const longestPassword = 128
const argon2Async = promisify(argon2)
/** OWASP's second setting for argon2id: 19 MiB, two passes, about 20 ms. */
const cost = { memory: 19 * 1024, passes: 2, parallelism: 1, tagLength: 32 }
/** Hashing shares the thread pool with file access: a storm of sign-ins may not take all of it, nor all cores. */
const atOnce = Math.max(1, Math.min(2, availableParallelism() - 1))
const longestQueue = 100

let running = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) {
    if (waiting.length >= longestQueue)
      throw new AppError('auth.throttled', { seconds: 5 }, { retryAfter: 5 })
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else {
    running += 1
  }
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}

function derive(password: string, nonce: Buffer): Promise<Buffer> {
  // One form for what looks alike, whatever keyboard it was typed on.
  const message = Buffer.from(password.normalize('NFKC'))
  return inTurn(() => argon2Async('argon2id', { ...cost, message, nonce }))
}

const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')

/** Hashes a password, or another secret that people type, into a PHC string. */
export async function hashPassword(password: string, salt = randomBytes(16)): Promise<string> {
  const hash = await derive(password, salt)
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(salt)}$${unpadded(hash)}`
}

const nobodysSalt = randomBytes(16)

/** Whether the password belongs to the stored hash; takes equally long where there is none. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [, , , , salt, hash] = (stored ?? '').split('$')
  if (!salt || !hash) {
    await derive(password, nobodysSalt)
    return false
  }
  const expected = Buffer.from(hash, 'base64')
  const given = await derive(password, Buffer.from(salt, 'base64'))
  return expected.length === given.length && timingSafeEqual(expected, given)
}

/**
 * Refuses a new password that is too short or widely known.
 * @throws AppError `auth.password-too-short`, `auth.password-common`.
 */
export function checkNewPassword(password: string, mail: string, minimum = shortestPassword): void {
  if ([...password].length < minimum) throw new AppError('auth.password-too-short', { minimum })
  if (isCommonPassword(password, mail)) throw new AppError('auth.password-common')
}

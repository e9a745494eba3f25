import type { KeyScope } from '@anneal/contract'
import { keyScopes, scalars } from '@anneal/contract'
import type { Platform } from '../../platform/context.ts'
import { systemContext } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { StartError } from '../../platform/start-error.ts'
import { createKeyOf } from './create-key.ts'
import { createResetLink } from './create-reset-link.ts'
import { createUser } from './create-user.ts'
import { removeUserFactors } from './factors/remove-factor.ts'
import { createUserRow } from './insert-user.ts'
import { checkNewPassword, hashPassword, longestPassword, shortestPassword } from './password.ts'
import { hashToken, randomToken } from './random-token.ts'
import { claimFirst } from './set-up.ts'
import { deleteLinkOf, insertLink } from './set-up.repo.ts'
import { anyUser, userByMail } from './users.repo.ts'

async function setUpToken(platform: Platform): Promise<string | null> {
  if (await platform.db.read.first(anyUser, {})) return null
  const token = randomToken()
  const id = platform.nodes.self.id
  await platform.db.transaction(async (tx) => {
    await tx.run(deleteLinkOf, { id })
    await tx.run(insertLink, { id, token_hash: hashToken(token), created_at: platform.clock.now() })
  })
  return token
}

/** The one-time link that makes the first administrator, new at each start; null once there is a user. */
export async function setUpLink(platform: Platform): Promise<string | null> {
  const token = await setUpToken(platform)
  if (token === null) return null
  const { publicUrl, port } = platform.config
  return `${publicUrl ?? `http://localhost:${port}`}/set-up#${token}`
}

const passwordFaults: Partial<Record<string, string>> = {
  'auth.password-too-short': `ANNEAL_ADMIN_PASSWORD needs at least ${shortestPassword} characters.`,
  'auth.password-common':
    'ANNEAL_ADMIN_PASSWORD is one of the passwords that are tried first; choose another.',
}

function checkUnattended(email: string, password: string): void {
  if (!scalars.email.safeParse(email).success) throw new StartError('ANNEAL_ADMIN_EMAIL is no mail address.')
  if ([...password].length > longestPassword)
    throw new StartError(`ANNEAL_ADMIN_PASSWORD may have at most ${longestPassword} characters.`)
  try {
    checkNewPassword(password, email)
  } catch (error) {
    const fault = error instanceof AppError ? passwordFaults[error.code] : undefined
    throw fault ? new StartError(fault) : error
  }
}

/**
 * Makes the first administrator from `ANNEAL_ADMIN_EMAIL` and `ANNEAL_ADMIN_PASSWORD` if there is no user yet.
 * @throws StartError where one of the two is missing or unfit.
 */
export async function ensureFirstAdministrator(platform: Platform): Promise<void> {
  const { adminEmail, adminPassword } = platform.config
  if (adminEmail === null && adminPassword === null) return
  if (await platform.db.read.first(anyUser, {})) return
  if (adminEmail === null || adminPassword === null) {
    const missing = adminEmail === null ? 'ANNEAL_ADMIN_EMAIL' : 'ANNEAL_ADMIN_PASSWORD'
    throw new StartError(`${missing} is missing: the first administrator needs both address and password.`)
  }
  checkUnattended(adminEmail, adminPassword)
  const ctx = systemContext(platform, 'start')
  const name = adminEmail.split('@')[0] ?? adminEmail
  const passwordHash = await hashPassword(adminPassword)
  const input = { email: adminEmail, name, role: 'administrator' as const, passwordHash, language: null }
  try {
    await createUserRow(ctx, input, { first: (tx) => claimFirst(tx, platform.clock.now()) })
  } catch (error) {
    // Another server of this database was first: there is an administrator, which is what was asked for.
    if (!(error instanceof AppError && error.code === 'auth.already-set-up')) throw error
  }
}

/**
 * Makes an administrator at any time, for the operator's command line.
 * @throws AppError `auth.email-taken`, `auth.password-too-short`, `auth.password-common`.
 */
export async function createAdministrator(
  platform: Platform,
  input: { email: string; name?: string | undefined; password: string },
): Promise<{ id: string; email: string }> {
  const ctx = systemContext(platform, 'operator')
  const user = await createUser(ctx, { ...input, role: 'administrator' })
  return { id: user.id, email: user.email }
}

/**
 * Makes an API key for a user, for the operator's command line; gives the key itself. All scopes where none are named.
 * @throws AppError `auth.user-not-found`.
 */
export async function createKeyFor(
  platform: Platform,
  input: { email: string; scopes?: readonly KeyScope[] | undefined; name?: string | undefined },
): Promise<string> {
  const mailKey = input.email.trim().toLowerCase()
  const user = await platform.db.read.first(userByMail, { mailKey })
  if (!user) throw new AppError('auth.user-not-found', { email: input.email })
  const scopes = input.scopes?.length ? input.scopes : keyScopes
  const ctx = systemContext(platform, 'operator')
  const { key } = await createKeyOf(ctx, user.id, {
    name: input.name ?? 'anneal create-key',
    scopes,
    expiresAt: null,
  })
  return key
}

/**
 * A one-time link by which a locked-out user sets a new password, for the operator's command line; with their second
 * factors taken away where asked.
 * @throws AppError `auth.user-not-found`, `auth.account-disabled`, `service.no-person`.
 */
export async function createResetLinkFor(
  platform: Platform,
  input: { email: string; clearFactors: boolean },
): Promise<{ link: string; expiresAt: string; removed: number | null }> {
  const mailKey = input.email.trim().toLowerCase()
  const user = await platform.db.read.first(userByMail, { mailKey })
  if (!user) throw new AppError('auth.user-not-found', { email: input.email })
  const ctx = systemContext(platform, 'operator')
  const made = await createResetLink(ctx, user.id)
  const removed = input.clearFactors ? (await removeUserFactors(ctx, user.id)).removed : null
  return { ...made, removed }
}

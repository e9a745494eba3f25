import { AppError } from '../../platform/errors.ts'
import type { Language, RouteReply } from '@anneal/contract'
import type { Context, Platform } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { createUserRow } from './insert-user.ts'
import { checkNewPassword, hashPassword } from './password.ts'
import { hashToken } from './random-token.ts'
import type { Device } from './sessions.ts'
import { asUser, insertSessionFor, newSessionId } from './sessions.ts'
import { deleteLinkOf, insertLink, linkByHash } from './set-up.repo.ts'
import type { SignedIn } from './sign-in.ts'
import { signedInReply } from './signed-in.ts'
import { anyUser } from './users.repo.ts'

export const linkLifetime = 86_400_000

export interface SetUpInput {
  token: string
  email: string
  name: string
  password: string
  language?: Language | undefined
}

/** Whether this instance still waits for its first administrator. */
export async function setUpState(platform: Platform): Promise<RouteReply<'auth.setUpState'>> {
  return { waiting: (await platform.db.read.first(anyUser, {})) === undefined }
}

/**
 * Takes the place of the first administrator within a transaction: of two who come at once, the second meets the
 * first's row and is refused when it tries again.
 * @throws AppError `auth.already-set-up`.
 */
export async function claimFirst(tx: Tx, now: number): Promise<void> {
  if (await tx.first(anyUser, {})) throw new AppError('auth.already-set-up')
  await tx.run(insertLink, { id: 'done', token_hash: '', created_at: now })
}

async function useLink(tx: Tx, token: string, now: number): Promise<void> {
  if (await tx.first(anyUser, {})) throw new AppError('auth.already-set-up')
  const link = await tx.first(linkByHash, { hash: hashToken(token) })
  if (!link || now - link.created_at > linkLifetime) throw new AppError('auth.link-expired')
  await claimFirst(tx, now)
  await tx.run(deleteLinkOf, { id: link.id })
}

/**
 * Makes the first administrator by the one-time link, and signs in.
 * @throws AppError `auth.already-set-up`, `auth.link-expired`, `auth.password-too-short`, `auth.password-common`.
 */
export async function setUp(ctx: Context, input: SetUpInput, device: Device): Promise<SignedIn> {
  const { platform } = ctx
  const now = platform.clock.now()
  // Looked at before the costly hash, and again inside the transaction.
  if (await platform.db.read.first(anyUser, {})) throw new AppError('auth.already-set-up')
  const known = await platform.db.read.first(linkByHash, { hash: hashToken(input.token) })
  if (!known || now - known.created_at > linkLifetime) throw new AppError('auth.link-expired')
  checkNewPassword(input.password, input.email)
  const passwordHash = await hashPassword(input.password)
  const session = { id: newSessionId(), device, way: 'password' as const }
  let refreshToken = ''
  const { email, name, language = null } = input
  const user = await createUserRow(
    ctx,
    { email, name, role: 'administrator', passwordHash, language },
    {
      first: (tx) => useLink(tx, input.token, now),
      then: async (tx, made) => {
        refreshToken = await insertSessionFor(asUser(ctx, made, session.id), tx, made, session)
      },
    },
  )
  return { reply: await signedInReply(platform, user, session.id), refreshToken }
}

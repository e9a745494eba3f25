import type { Role } from '@anneal/contract'
import type { Context, Platform } from '../../platform/context.ts'
import type { Reader, Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { OneTimeLinkRow } from './auth.tables.ts'
import { insertOneTimeLink, linkByToken, useLinkRow } from './links.repo.ts'
import { hashToken, randomToken } from './random-token.ts'

const day = 86_400_000
/** How long a link of each purpose works. */
export const linkLasts = { invitation: 7 * day, password: day, registration: day } as const

const pages = { invitation: 'invite', password: 'reset-password', registration: 'register' } as const

export const invitationKey = (mailKey: string) => `invitation:${mailKey}`
export const passwordKey = (userId: string) => `password:${userId}`
export const registrationKey = (mailKey: string) => `registration:${mailKey}`

/** The secret stands behind the #, so that it reaches no server log and no Referer. */
export function linkAddress(platform: Platform, purpose: OneTimeLinkRow['purpose'], token: string): string {
  const { publicUrl, port } = platform.config
  return `${publicUrl ?? `http://localhost:${port}`}/${pages[purpose]}#${token}`
}

interface NewLink {
  purpose: OneTimeLinkRow['purpose']
  openKey: string
  mail: string
  name: string | null
  role: Role
  userId: string | null
}

/** Stores a link within the caller's transaction; its secret is in the result and nowhere else. */
export async function insertLinkFor(
  ctx: Context,
  tx: Tx,
  input: NewLink,
): Promise<{ row: OneTimeLinkRow; token: string }> {
  const token = randomToken()
  const now = ctx.platform.clock.now()
  const row: OneTimeLinkRow = {
    id: newId(),
    purpose: input.purpose,
    token_hash: hashToken(token),
    open_key: input.openKey,
    mail: input.mail,
    name: input.name,
    role: input.role,
    user_id: input.userId,
    created_by: 'userId' in ctx.actor ? ctx.actor.userId : null,
    created_at: now,
    expires_at: now + linkLasts[input.purpose],
    used_at: null,
    withdrawn_at: null,
  }
  await tx.run(insertOneTimeLink, row)
  return { row, token }
}

/**
 * The link of a secret, if it still works.
 * @throws AppError `auth.link-unknown`, `auth.link-used`, `auth.link-withdrawn`, `auth.link-too-old`.
 */
export async function goodLink(
  ctx: Context,
  reader: Reader,
  token: string,
  purpose?: OneTimeLinkRow['purpose'],
): Promise<OneTimeLinkRow> {
  const link = await reader.first(linkByToken, { hash: hashToken(token) })
  if (!link || (purpose && link.purpose !== purpose)) throw new AppError('auth.link-unknown')
  if (link.used_at !== null) throw new AppError('auth.link-used')
  if (link.withdrawn_at !== null) throw new AppError('auth.link-withdrawn')
  if (link.expires_at <= ctx.platform.clock.now()) throw new AppError('auth.link-too-old')
  return link
}

/** Uses a link up within the caller's transaction: of two who come with it at once, one is told that it was used. */
export async function useLink(
  ctx: Context,
  tx: Tx,
  token: string,
  purpose: OneTimeLinkRow['purpose'],
): Promise<OneTimeLinkRow> {
  const link = await goodLink(ctx, tx, token, purpose)
  const now = ctx.platform.clock.now()
  const { changes } = await tx.run(useLinkRow, { hash: link.token_hash, now })
  if (changes > 0) return link
  await goodLink(ctx, tx, token, purpose)
  throw new AppError('auth.link-unknown')
}

import { identities } from '@anneal/contract'
import type { z } from 'zod'
import { AppError } from '../../../platform/errors.ts'
import type { Context } from '../../../platform/context.ts'
import { defineSetting } from '../../../platform/settings/index.ts'
import { requireRank } from '../ranks.ts'
import { roleById } from '../roles/roles.repo.ts'

export type Registration = z.output<typeof identities.registration>

/** Who may make an account without an invitation, and as what. */
export const registrationSetting = defineSetting<Registration>({
  key: 'auth.registration',
  schema: identities.registration,
  default: { mode: 'off', domains: [], role: 'member' },
  // It lets people in: never by a key, and nobody gives more than they have.
  async guard(ctx, reader, { role }) {
    if (ctx.actor.kind === 'key') throw new AppError('auth.session-needed')
    await requireRank(ctx, reader, role)
  },
})

/**
 * How this address would register.
 * @throws AppError `auth.registration-off`, `auth.registration-domain`.
 */
export async function registrationOf(ctx: Context, mail: string): Promise<Registration> {
  const { settings, mail: post, db } = ctx.platform
  const registration = settings.get(registrationSetting)
  if (registration.mode === 'off' || !post.on) throw new AppError('auth.registration-off')
  const domain = mail.slice(mail.lastIndexOf('@') + 1).toLowerCase()
  if (!registration.domains.includes(domain)) throw new AppError('auth.registration-domain')
  if (await db.read.first(roleById, { id: registration.role })) return registration
  // Its role is gone: least is given until someone chooses another.
  return { ...registration, role: 'viewer' }
}

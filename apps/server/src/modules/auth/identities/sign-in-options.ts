import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { actorUserId } from '../can.ts'
import { userById } from '../users.repo.ts'
import { allProviders } from './identities.repo.ts'
import { hostOf } from './mail-links.ts'
import { registrationSetting } from './registration.settings.ts'

/** What the sign-in page offers beside mail and password: only what works. */
export async function signInOptions(ctx: Context): Promise<RouteReply<'identity.signInOptions'>> {
  const { mail, settings, db } = ctx.platform
  const rows = await db.read.all(allProviders, {})
  return {
    passwordByMail: mail.on,
    registration: mail.on && settings.get(registrationSetting).mode !== 'off',
    providers: rows
      .filter((row) => Number(row.enabled) === 1)
      .map((row) => ({ id: row.id, name: row.name, buttonText: row.button_text })),
  }
}

export function mailState(ctx: Context): RouteReply<'identity.mailState'> {
  const { mail } = ctx.platform
  return { on: mail.on, sender: mail.sender() }
}

/**
 * Sends a mail to the asker's own address at once, so that they see whether it arrives.
 * @throws AppError `platform.mail-off`, `platform.mail-failed`.
 */
export async function testMail(ctx: Context): Promise<RouteReply<'identity.testMail'>> {
  const { platform } = ctx
  const user = await platform.db.read.first(userById, { id: actorUserId(ctx.actor) })
  if (!user) throw new AppError('auth.session-ended')
  const params = { name: user.name, host: hostOf(platform) }
  const language = user.language ?? ctx.language
  await platform.mail.sendNow({ to: user.mail, language, kind: 'test', params })
  return { to: user.mail }
}

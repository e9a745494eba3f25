import type { Language } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { enterAttempt } from '../throttle.ts'
import { enqueueLinkMail } from './mail-links.ts'
import { registrationOf } from './registration.settings.ts'

/**
 * Counts a mail that is asked for, whether it will be sent or not.
 * @throws AppError `auth.throttled`.
 */
function count(ctx: Context, email: string): Promise<void> {
  return enterAttempt(ctx.platform, [
    ['mail-address', ctx.address ?? ''],
    ['mail', email.toLowerCase()],
  ])
}

interface Asked {
  email: string
  language?: Language | undefined
}

/**
 * Mails a link for a new password, if there is such an account. Who asks learns nothing of that.
 * @throws AppError `platform.mail-off`, `auth.throttled`.
 */
export async function requestPassword(
  ctx: Context,
  { email, language = ctx.language }: Asked,
): Promise<void> {
  if (!ctx.platform.mail.on) throw new AppError('platform.mail-off')
  await count(ctx, email)
  await enqueueLinkMail(ctx, { purpose: 'password', email, language, address: ctx.address })
}

/**
 * Mails a link that makes an account; to whoever has one, that they have.
 * @throws AppError `auth.registration-off`, `auth.registration-domain`, `auth.throttled`.
 */
export async function register(ctx: Context, { email, language = ctx.language }: Asked): Promise<void> {
  await registrationOf(ctx, email)
  await count(ctx, email)
  await enqueueLinkMail(ctx, { purpose: 'registration', email, language, address: ctx.address })
}

import type { Language } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { perPlatform } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { Throttle } from '../throttle.ts'
import { enqueueLinkMail } from './mail-links.ts'
import { registrationOf } from './registration.settings.ts'

const hour = 3_600_000

/** Mails that strangers ask for: a few to one address, some from one place. */
const throttles = perPlatform(() => ({
  mails: new Throttle({ free: 3, longest: 900_000, forget: hour }),
  addresses: new Throttle({ free: 20, longest: 900_000, forget: hour }),
}))

/**
 * Counts a mail that is asked for, whether it will be sent or not.
 * @throws AppError `auth.throttled`.
 */
function count(ctx: Context, email: string): void {
  const { mails, addresses } = throttles(ctx.platform)
  const now = ctx.platform.clock.now()
  const mailKey = email.toLowerCase()
  const address = ctx.address ?? ''
  const wait = Math.max(mails.wait(mailKey, now), addresses.wait(address, now))
  if (wait > 0) {
    const seconds = Math.ceil(wait / 1000)
    throw new AppError('auth.throttled', { seconds }, { retryAfter: seconds })
  }
  mails.fail(mailKey, now)
  addresses.fail(address, now)
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
  count(ctx, email)
  await enqueueLinkMail(ctx, { purpose: 'password', email, language, address: ctx.address })
}

/**
 * Mails a link that makes an account; to whoever has one, that they have.
 * @throws AppError `auth.registration-off`, `auth.registration-domain`, `auth.throttled`.
 */
export async function register(ctx: Context, { email, language = ctx.language }: Asked): Promise<void> {
  await registrationOf(ctx, email)
  count(ctx, email)
  await enqueueLinkMail(ctx, { purpose: 'registration', email, language, address: ctx.address })
}

import { setTimeout as wait } from 'node:timers/promises'
import type { Transporter } from 'nodemailer'
import { AppError } from '../errors.ts'
import type { Log } from '../log/index.ts'
import { compose } from './compose.ts'
import type { MailMessage } from './mail.types.ts'
import type { SmtpServer } from './smtp.ts'
import { failureText, isFinal, isPlainAddress } from './smtp.ts'

interface Sending {
  smtp: Transporter
  server: SmtpServer
  sender(): string
  log: Log
}

const badAddress = () => Object.assign(new Error('This is not one plain address.'), { responseCode: 553 })

/** One try; rejects with the server's own error. */
export async function send({ smtp, sender }: Sending, message: MailMessage): Promise<void> {
  if (!isPlainAddress(message.to)) throw badAddress()
  await smtp.sendMail({
    from: { name: 'Anneal', address: sender() },
    to: { name: '', address: message.to },
    envelope: { from: sender(), to: [message.to] },
    // Nobody's holiday note is to answer it.
    headers: { 'Auto-Submitted': 'auto-generated' },
    ...compose(message),
  })
}

/** In the server's words, and without its password. */
export function failed(error: unknown, { server }: Sending): AppError {
  return new AppError('platform.mail-failed', { reason: failureText(error, server) })
}

/**
 * Tries until it is sent, is refused for good, or the pauses (milliseconds) are used up.
 * @throws AppError `platform.mail-failed`.
 */
export async function deliver(
  sending: Sending,
  message: MailMessage,
  pauses: readonly number[],
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    signal.throwIfAborted()
    try {
      return await send(sending, message)
    } catch (error) {
      const pause = pauses[tries]
      const failure = failed(error, sending)
      if (pause === undefined || isFinal(error)) throw failure
      const { reason } = failure.params
      sending.log.warn('a mail could not be sent; trying again', {
        kind: message.kind,
        reason,
        tries: tries + 1,
      })
      await wait(pause, undefined, { signal })
    }
  }
}

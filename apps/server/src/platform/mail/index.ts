import { readFileSync } from 'node:fs'
import tls from 'node:tls'
import type { Config } from '../config/index.ts'
import { AppError } from '../errors.ts'
import type { Jobs } from '../jobs/index.ts'
import type { Log } from '../log/index.ts'
import type { Secrets } from '../secrets/index.ts'
import type { Settings } from '../settings/index.ts'
import { deliver, failed, send } from './deliver.ts'
import type { Mail, MailMessage } from './mail.types.ts'
import { mailFrom } from './mail.settings.ts'
import { openSmtp, readSmtpUrl, senderOf } from './smtp.ts'

export type { Mail, MailMessage } from './mail.types.ts'
export { mailFrom } from './mail.settings.ts'

const kind = 'mail'
/** A server that is away for an hour loses no mail. */
const usualPauses: readonly number[] = [2_000, 10_000, 60_000, 300_000, 900_000, 2_700_000]

export interface MailOptions {
  config: Pick<Config, 'smtpUrl' | 'publicUrl' | 'caFile'>
  settings: Settings
  secrets: Secrets
  jobs: Pick<Jobs, 'define' | 'enqueue'>
  log: Log
  /** For tests to shorten. */
  pauses?: readonly number[]
}

const refuse = () => Promise.reject(new AppError('platform.mail-off'))
const off: Mail = { on: false, sender: () => '', enqueue: refuse, sendNow: refuse, close() {} }

/** Mail by the server that the configuration names; without one it is off. */
export function createMail(options: MailOptions): Mail {
  const { config, settings, secrets, jobs, log, pauses = usualPauses } = options
  if (config.smtpUrl === null) return off
  const server = readSmtpUrl(config.smtpUrl)
  const own = config.caFile ? readFileSync(config.caFile, 'utf8') : null
  const smtp = openSmtp(server, own === null ? undefined : [...tls.getCACertificates('default'), own])
  const sender = () => senderOf(server, settings.get(mailFrom), config.publicUrl)
  const sending = { smtp, server, sender, log }

  jobs.define({
    kind,
    concurrency: 10,
    run({ payload, signal }) {
      const message = JSON.parse(secrets.decrypt((payload as { sealed: string }).sealed)) as MailMessage
      return deliver(sending, message, pauses, signal)
    },
  })
  return {
    on: true,
    sender,
    async enqueue(tx, message) {
      // Its link lets someone in: it lies in the table of jobs as other secrets do.
      const sealed = secrets.encrypt(JSON.stringify(message))
      await jobs.enqueue(tx, { kind, payload: { sealed }, ownerId: null })
    },
    sendNow: (message) =>
      send(sending, message).catch((error: unknown) => Promise.reject(failed(error, sending))),
    close: () => smtp.close(),
  }
}

import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MailServer } from '../../../../../tests/support/mail-server.ts'
import { until } from '../../../../../tests/support/until.ts'
import { listeningLog } from '../events/events.testing.ts'
import type { JobDefinition } from '../jobs/index.ts'
import type { Jobs } from '../jobs/index.ts'
import { createSecrets } from '../secrets/index.ts'
import type { Settings } from '../settings/index.ts'
import type { WriteTx } from '../write.ts'
import { compose } from './compose.ts'
import { createMail } from './index.ts'
import { readSmtpUrl, senderOf } from './smtp.ts'

const login = { user: 'anneal@company.test', password: 'p@ss:word/ü' }
const url = (base: string, given = login.password) =>
  base.replace('//', `//${encodeURIComponent(login.user)}:${encodeURIComponent(given)}@`)

/** The platform's mail with jobs that run as soon as they are given. */
function mailBy(smtpUrl: string | null, from = '') {
  const log = listeningLog()
  const payloads: unknown[] = []
  let definition: JobDefinition | undefined
  const abort = new AbortController()
  const ended: Promise<unknown>[] = []
  const jobs: Pick<Jobs, 'define' | 'enqueue'> = {
    define: (given) => void (definition = given),
    async enqueue(_tx, job) {
      payloads.push(job.payload)
      const run = { id: 'job', attempt: 1, signal: abort.signal, payload: job.payload, progress() {} }
      ended.push(definition!.run(run as never).catch((error: unknown) => error))
      return 'job'
    },
  }
  const mail = createMail({
    config: { smtpUrl, publicUrl: 'https://anneal.company.test', caFile: null },
    settings: { get: () => from } as unknown as Settings,
    secrets: createSecrets(randomBytes(32)),
    jobs,
    log,
    pauses: [20, 20, 20],
  })
  return { mail, log, payloads, ended, abort }
}

const message = {
  to: 'lin@company.test',
  language: 'en' as const,
  kind: 'reset',
  params: { name: 'Lin', host: 'anneal.company.test' },
  link: 'https://anneal.company.test/reset-password#secret-of-the-link',
}
const tx = {} as WriteTx

describe('mail', () => {
  let server: MailServer
  let base: string
  beforeEach(async () => {
    server = new MailServer(login)
    base = await server.listen()
  })
  afterEach(() => server.close())

  test('goes from the user of the URL to one address, as text and as HTML', async () => {
    const { mail, ended, payloads } = mailBy(url(base))
    await mail.enqueue(tx, message)
    await Promise.all(ended)
    const [got] = server.received
    expect(got).toMatchObject({ from: login.user, to: [message.to], subject: 'A new password for Anneal' })
    expect(got?.text).toContain(message.link)
    expect(got?.html).toContain(`href="${message.link}"`)
    expect(got?.source).toContain('Auto-Submitted: auto-generated')
    expect(server.logins).toEqual([[login.user, login.password]])
    expect(JSON.stringify(payloads), 'what waits in the table').not.toContain('secret-of-the-link')
    mail.close()
  })

  test('is in the language of whoever gets it', async () => {
    const { mail, ended } = mailBy(url(base))
    await mail.enqueue(tx, { ...message, language: 'zh' })
    await Promise.all(ended)
    expect(server.received[0]).toMatchObject({ subject: '为 Anneal 设置新密码' })
    expect(server.received[0]?.text).toContain('Lin，你好')
    mail.close()
  })

  test('is tried again while the server is busy or away, and arrives once', async () => {
    const { mail, ended, log } = mailBy(url(base))
    server.refusal = { code: 451, text: 'come back later' }
    await mail.enqueue(tx, message)
    await until(() => server.brought >= 2, { what: 'a second try' })
    server.refusal = null
    expect(await ended[0]).toBeUndefined()
    expect(server.received).toHaveLength(1)
    expect(log.complaints.length).toBeGreaterThan(0)
    mail.close()
  })

  test('is given up at once where the server refuses it for good', async () => {
    const { mail, ended } = mailBy(url(base))
    server.refusal = { code: 550, text: 'no such mailbox' }
    await mail.enqueue(tx, message)
    expect(await ended[0]).toMatchObject({ code: 'platform.mail-failed' })
    expect(server.brought).toBe(1)
    mail.close()
  })

  test('a wrong password is said without saying it, even where the server repeats it', async () => {
    const wrong = 'another-secret-word'
    const { mail, log, ended } = mailBy(url(base, wrong))
    const failure = await mail.sendNow(message).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'platform.mail-failed' })
    await mail.enqueue(tx, message)
    const given = await ended[0]
    expect(JSON.stringify([failure, given, log.complaints])).not.toContain(wrong)
    mail.close()
  })

  test('a server that is not there is said at once to whoever tests it', async () => {
    const { mail } = mailBy('smtp://127.0.0.1:9')
    await expect(mail.sendNow(message)).rejects.toMatchObject({ code: 'platform.mail-failed' })
    mail.close()
  })

  test('a name that breaks the line begins no header, and is no HTML', async () => {
    const { mail } = mailBy(url(base))
    const by = 'Eve\r\nBcc: all@company.test <b>x</b>'
    await mail.sendNow({ ...message, kind: 'invitation', params: { by, host: 'h' } })
    const [got] = server.received
    expect(got?.to).toEqual([message.to])
    expect(got?.source.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/im)
    expect(got?.html).not.toContain('<b>x</b>')
    expect(got?.html).toContain('&lt;b&gt;x&lt;/b&gt;')
    mail.close()
  })

  test('an address that would be a list reaches nobody else', async () => {
    const { mail } = mailBy(url(base))
    for (const to of ['"x,y"@company.test', 'a,b@company.test', 'a<b@company.test', 'g:a@company.test']) {
      const failure = await mail.sendNow({ ...message, to }).catch((error: unknown) => error)
      expect(failure).toMatchObject({ code: 'platform.mail-failed' })
    }
    expect(server.brought).toBe(0)
    mail.close()
  })
})

test('without a server mail is off, and says so', async () => {
  const { mail } = mailBy(null)
  expect(mail.on).toBe(false)
  await expect(mail.sendNow(message)).rejects.toMatchObject({ code: 'platform.mail-off' })
  await expect(mail.enqueue(tx, message)).rejects.toMatchObject({ code: 'platform.mail-off' })
})

test.each([
  ['smtp://mail.test', { port: 587, secure: false, requireTLS: false, auth: undefined, from: null }],
  [
    'smtps://u:p@mail.test?from=a@b.c',
    { port: 465, secure: true, auth: { user: 'u', pass: 'p' }, from: 'a@b.c' },
  ],
  ['smtp://mail.test:2525?tls=required&from=bad', { port: 2525, requireTLS: true, from: null }],
])('reads %s', (text, expected) => {
  expect(readSmtpUrl(text)).toMatchObject(expected)
})

test('the sender is what is set, else what the URL names, else its user, else a name of this host', () => {
  const plain = readSmtpUrl('smtp://mail.test')
  const whole = readSmtpUrl('smtp://me%40x.test:p@mail.test?from=from@x.test')
  expect(senderOf(whole, 'set@x.test', null)).toBe('set@x.test')
  expect(senderOf(whole, '', null)).toBe('from@x.test')
  expect(senderOf({ ...whole, from: null }, '', null)).toBe('me@x.test')
  expect(senderOf(plain, '', 'https://anneal.x.test:8443')).toBe('anneal@anneal.x.test')
})

test('every mail has its words in both languages', () => {
  for (const language of ['en', 'zh'] as const)
    for (const kind of ['test', 'reset', 'resetOutside', 'invitation', 'registration', 'registered']) {
      const params = { name: 'N', by: 'B', host: 'H', provider: 'P' }
      const composed = compose({ to: '', language, kind, params, link: 'https://x' })
      expect(composed.text).not.toMatch(/[{}]|undefined/)
      expect(composed.subject).not.toBe('Anneal')
    }
})

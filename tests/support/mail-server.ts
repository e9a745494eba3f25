import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { until } from './until.ts'

export interface ReceivedMail {
  from: string
  to: string[]
  /** As it came, header and body. */
  source: string
  subject: string
  /** The plain-text part, in Unicode. */
  text: string
  html: string
}

function decoded(part: string): string {
  const [head = '', ...rest] = part.split('\r\n\r\n')
  const body = rest.join('\r\n\r\n')
  if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8')
  if (!/quoted-printable/i.test(head)) return body
  const joined = body.replaceAll('=\r\n', '')
  const bytes = joined.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

function subjectOf(source: string): string {
  const raw = /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(source)?.[1] ?? ''
  const joined = raw.replaceAll(/\?=\r\n[ \t]=\?/g, '?= =?').replaceAll(/\r\n[ \t]/g, ' ')
  return joined
    .replaceAll(/\?= =\?/g, '?==?')
    .replaceAll(/=\?UTF-8\?([QB])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64').toString('utf8')
        : decoded(`quoted-printable\r\n\r\n${text.replaceAll('_', ' ')}`),
    )
}

function read(source: string, from: string, to: string[]): ReceivedMail {
  const boundary = /boundary="?([^"\r\n;]+)/.exec(source)?.[1] ?? ''
  const parts = source.split(`--${boundary}`)
  const find = (type: string) => parts.find((part) => part.includes(`Content-Type: ${type}`))
  return {
    from,
    to,
    source,
    subject: subjectOf(source),
    text: decoded(find('text/plain')?.trimStart() ?? ''),
    html: decoded(find('text/html')?.trimStart() ?? ''),
  }
}

/** A real SMTP server on this machine that keeps what it gets. */
export class MailServer {
  readonly received: ReceivedMail[] = []
  /** Answers each further mail with this code and text; null takes them. */
  refusal: { code: number; text: string } | null = null
  /** How many mails were brought, refused ones too. */
  brought = 0
  /** User and password as they were given, where they were. */
  readonly logins: [string, string][] = []
  readonly #server: SMTPServer
  #port = 0

  constructor(login?: { user: string; password: string }) {
    this.#server = new SMTPServer({
      disabledCommands: login ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
      authOptional: !login,
      closeTimeout: 200,
      // The connection stays on this machine.
      allowInsecureAuth: true,
      onAuth: (auth, _session, done) => {
        this.logins.push([auth.username ?? '', auth.password ?? ''])
        const right = auth.username === login?.user && auth.password === login?.password
        if (right) done(null, { user: auth.username ?? '' })
        else done(Object.assign(new Error(`no such login: ${auth.password}`), { responseCode: 535 }))
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          this.brought += 1
          if (this.refusal) {
            return done(Object.assign(new Error(this.refusal.text), { responseCode: this.refusal.code }))
          }
          const { mailFrom, rcptTo } = session.envelope
          const from = mailFrom ? mailFrom.address : ''
          const to = rcptTo.map(({ address }) => address)
          this.received.push(read(Buffer.concat(chunks).toString('utf8'), from, to))
          done()
        })
      },
    })
    this.#server.on('error', () => undefined)
  }

  /** Listens; gives the URL without a login. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (this.#server.server.address() as AddressInfo).port
    return `smtp://127.0.0.1:${this.#port}`
  }

  /** The same on a given port. */
  listenAt(port: number): Promise<string> {
    this.#port = port
    return this.listen()
  }

  /** The newest mail to an address that fits, once it is there. */
  async mailTo(address: string, fits: (mail: ReceivedMail) => boolean = () => true): Promise<ReceivedMail> {
    const find = () => this.received.findLast((mail) => mail.to.includes(address) && fits(mail))
    await until(() => find() !== undefined, { timeoutMs: 10_000, what: `a mail to ${address}` })
    return find()!
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }
}

/** The one-time link within a mail. */
export function linkIn(mail: ReceivedMail): string {
  const link = /https?:\/\/\S+#[\w-]{43}/.exec(mail.text)?.[0]
  if (!link) throw new Error(`no link in: ${mail.text}`)
  return link
}

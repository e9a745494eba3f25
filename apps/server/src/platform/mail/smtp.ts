import { createTransport, type Transporter } from 'nodemailer'

export interface SmtpServer {
  host: string
  port: number
  secure: boolean
  requireTLS: boolean
  auth: { user: string; pass: string } | undefined
  /** The sender named by `?from=`; null where none is. */
  from: string | null
}

const addressShape = /^[^\s@<>,;:"'()[\]\\]+@[^\s@<>,;:"'()[\]\\]+$/

/** One address and nothing that a mail program reads as a list, a name or a comment. */
export const isPlainAddress = (text: string): boolean => addressShape.test(text)

/** What `ANNEAL_SMTP_URL` says. Its password is in the result and is put into no message. */
export function readSmtpUrl(text: string): SmtpServer {
  const url = new URL(text)
  const secure = url.protocol === 'smtps:'
  const user = decodeURIComponent(url.username)
  const from = url.searchParams.get('from')
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port ? Number(url.port) : secure ? 465 : 587,
    secure,
    requireTLS: url.searchParams.get('tls') === 'required',
    auth: user ? { user, pass: decodeURIComponent(url.password) } : undefined,
    from: from && isPlainAddress(from) ? from : null,
  }
}

/** Whom mail comes from: as set, else as the URL says, else its user, else a name of this instance's host. */
export function senderOf(server: SmtpServer, set: string, publicUrl: string | null): string {
  if (set) return set
  if (server.from) return server.from
  if (server.auth && isPlainAddress(server.auth.user)) return server.auth.user
  return `anneal@${publicUrl ? new URL(publicUrl).hostname : 'localhost'}`
}

/** A pool of connections to the server; none is opened before the first mail. */
export function openSmtp(server: SmtpServer, ca: string[] | undefined): Transporter {
  return createTransport({
    pool: true,
    maxConnections: 3,
    host: server.host,
    port: server.port,
    secure: server.secure,
    requireTLS: server.requireTLS,
    ...(server.auth ? { auth: server.auth } : {}),
    ...(ca ? { tls: { ca } } : {}),
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 30_000,
    // Neither files nor addresses are ever read into a mail.
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  })
}

/** Whether the server refused for good: nothing is gained by asking again. */
export function isFinal(error: unknown): boolean {
  const code = (error as { responseCode?: unknown }).responseCode
  return typeof code === 'number' && code >= 500 && code < 600
}

/** What went wrong, for whoever set the server up; without its password, whatever the server repeats. */
export function failureText(error: unknown, server: SmtpServer): string {
  const { message, response, code } = error as { message?: string; response?: string; code?: string }
  const said = (response ?? message ?? code ?? '').slice(0, 300)
  const secrets = server.auth ? [server.auth.pass, Buffer.from(server.auth.pass).toString('base64')] : []
  return secrets.filter(Boolean).reduce((text, secret) => text.replaceAll(secret, '•••'), said)
}

import { AppError } from '../errors.ts'
import type { Secrets } from '../secrets/index.ts'

export interface LinkTerms {
  method: 'GET' | 'PUT'
  /** As it is asked for, without the query. */
  path: string
  /** Most bytes that may be sent; absent for reading. */
  bytes?: number | undefined
}

/** No link is good for longer. */
const linkMs = 60 * 60 * 1000

const signed = ({ method, path, bytes }: LinkTerms, expires: number) =>
  `link\n${method}\n${path}\n${bytes ?? ''}\n${expires}`

/** Path and query of a link that opens one thing, in one way, for an hour, to whoever holds it. */
export function signLink(secrets: Secrets, terms: LinkTerms, now: number): string {
  const expires = now + linkMs
  const query = new URLSearchParams({ expires: String(expires) })
  if (terms.bytes !== undefined) query.set('bytes', String(terms.bytes))
  query.set('signature', secrets.fingerprint(signed(terms, expires)))
  return `${terms.path}?${query}`
}

/**
 * Goes on only for a link that this instance signed and that has not ended; gives how many bytes it lets in.
 * @throws AppError `platform.link-ended`.
 */
export function checkLink(
  secrets: Secrets,
  asked: { method: 'GET' | 'PUT'; path: string },
  query: URLSearchParams,
  now: number,
): number {
  const expires = Number(query.get('expires'))
  const given = query.get('bytes')
  const bytes = given === null ? undefined : Number(given)
  const isOurs = secrets.isFingerprint(signed({ ...asked, bytes }, expires), query.get('signature') ?? '')
  if (!isOurs || !(expires > now)) throw new AppError('platform.link-ended')
  return bytes ?? 0
}

import type { Readable } from 'node:stream'
import { ProviderError } from '../provider-error.ts'

const DRAIN_MS = 1000

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : 'unknown')

/** Lets a reply that has said all end by itself, so that its connection can be used again. */
const drain = (body: Readable): void => {
  body.on('error', () => undefined)
  const timer = setTimeout(() => body.destroy(), DRAIN_MS)
  timer.unref()
  body.once('close', () => clearTimeout(timer))
  body.resume()
}

/**
 * Hands on the body's text as it comes. Resolves at its end, or as soon as `take` answers true; rejects with
 * `provider.cut-off` where the connection breaks, with the signal's reason on abort, and with what `take` throws.
 */
export const readBody = (
  body: Readable,
  signal: AbortSignal,
  take: (text: string) => boolean,
): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const fail = (error: unknown): void => {
    reject(error)
    body.destroy()
  }
  const onAbort = (): void => fail(signal.reason)
  const onData = (text: string): void => {
    try {
      if (!take(text)) return
      body.off('data', onData)
      resolve()
      drain(body)
    } catch (error) {
      fail(error)
    }
  }
  body.setEncoding('utf8')
  body.on('data', onData)
  body.on('end', () => resolve())
  body.on('error', (error) => {
    reject(new ProviderError('provider.cut-off', { params: { reason: codeOf(error) }, cause: error }))
  })
  body.on('close', () => {
    /* An error with its stack is dear, and most bodies close after their end. */
    if (!body.readableEnded) reject(new ProviderError('provider.cut-off', { params: { reason: 'closed' } }))
  })
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  return promise.finally(() => signal.removeEventListener('abort', onAbort))
}

/** The beginning of a body that is no answer, at most `limit` characters. */
export const readStart = async (body: Readable, signal: AbortSignal, limit: number): Promise<string> => {
  let text = ''
  await readBody(body, signal, (chunk) => {
    text += chunk
    return text.length >= limit
  }).catch(() => undefined)
  return text.slice(0, limit)
}

import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { formatCookie, parseCookies } from './cookies.ts'
import type { CookieOptions, HandlerIo } from './handlers.ts'

/** What a handler rarely needs is made when it is asked for: most requests ask for nothing. */
export class RequestIo implements HandlerIo {
  readonly #request: FastifyRequest
  readonly #reply: FastifyReply
  #abort: AbortController | undefined
  #cookies: Readonly<Record<string, string | undefined>> | undefined

  constructor(request: FastifyRequest, reply: FastifyReply) {
    this.#request = request
    this.#reply = reply
  }

  get body(): Readable {
    return this.#request.body instanceof Readable ? this.#request.body : Readable.from([])
  }

  get headers(): IncomingHttpHeaders {
    return this.#request.headers
  }

  get signal(): AbortSignal {
    if (!this.#abort) {
      const abort = new AbortController()
      const { raw } = this.#reply
      this.#abort = abort
      if (raw.destroyed) abort.abort()
      raw.once('close', () => {
        if (!raw.writableFinished) abort.abort()
      })
    }
    return this.#abort.signal
  }

  get cookies(): Readonly<Record<string, string | undefined>> {
    this.#cookies ??= parseCookies(this.headers.cookie)
    return this.#cookies
  }

  get query(): URLSearchParams {
    const { url } = this.#request
    const start = url.indexOf('?')
    return new URLSearchParams(start === -1 ? '' : url.slice(start + 1))
  }

  setHeader(name: string, value: string): void {
    this.#reply.header(name, value)
  }

  setCookie(name: string, value: string, options: CookieOptions): void {
    const cookie = formatCookie(name, value, { ...options, secure: this.#request.protocol === 'https' })
    const before = this.#reply.getHeader('set-cookie')
    const list = before === undefined ? [] : [before].flat().map(String)
    this.#reply.header('set-cookie', [...list, cookie])
  }

  clearCookie(name: string, options: CookieOptions): void {
    this.setCookie(name, '', { ...options, maxAge: 0 })
  }
}

import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { RouteHandlerInput, RouteName, RouteReply, Routes } from '@anneal/contract'
import type { Context } from '../context.ts'
import type {
  EventsReply,
  FileReply,
  JsonReply,
  OpenReply,
  PreparedReply,
  RedirectReply,
  TextReply,
} from './replies.ts'

export interface CookieOptions {
  path: string
  /** Seconds. */
  maxAge?: number
  sameSite?: 'strict' | 'lax'
}

export interface HandlerIo {
  /** The raw body of a route whose `bodyKind` is `stream`; empty for others. */
  readonly body: Readable
  /** Aborts when the client has gone before the reply was finished. */
  readonly signal: AbortSignal
  readonly headers: IncomingHttpHeaders
  readonly cookies: Readonly<Record<string, string | undefined>>
  /** The query as it was sent, for routes without a query schema. */
  readonly query: URLSearchParams
  /** A header of the reply, beside those that its kind brings. */
  setHeader(name: string, value: string): void
  /** HttpOnly always; Secure where the request came by https. */
  setCookie(name: string, value: string, options: CookieOptions): void
  clearCookie(name: string, options: CookieOptions): void
}

type KindOf<N extends RouteName> = Routes[N] extends { readonly replyKind: infer K } ? K : 'json'

/** What a handler of this route returns. */
export type HandlerReply<N extends RouteName> =
  KindOf<N> extends 'file'
    ? FileReply
    : KindOf<N> extends 'text'
      ? TextReply
      : KindOf<N> extends 'events'
        ? EventsReply
        : KindOf<N> extends 'redirect'
          ? RedirectReply
          : KindOf<N> extends 'empty'
            ? void
            : Routes[N] extends { readonly alsoEvents: true }
              ? RouteReply<N> | JsonReply<RouteReply<N>> | OpenReply
              : RouteReply<N> | JsonReply<RouteReply<N>> | PreparedReply

export type Handler<N extends RouteName> = (
  ctx: Context,
  input: RouteHandlerInput<N>,
  io: HandlerIo,
) => Promise<HandlerReply<N>> | HandlerReply<N>

/** A handler whose route is known only when it runs. */
export type AnyHandler = (ctx: Context, input: never, io: HandlerIo) => unknown
export type HandlerMap = Readonly<Record<string, AnyHandler>>

/** A module's handlers by route name; a missing or unknown one is a type error. */
export function handlers<const P extends string>(
  _prefix: P,
  map: { readonly [N in Extract<RouteName, `${P}.${string}`>]: Handler<N> },
): HandlerMap {
  return map as HandlerMap
}

import type { z } from 'zod'
import type { Permission } from './permissions.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** `json` is checked against `body`; `stream` hands the raw request stream to the handler, never buffered. */
export type BodyKind = 'json' | 'stream'

/** `json` is checked and stripped by `reply`; `file` and `text` are sent as they are; `events` are server-sent. */
export type ReplyKind = 'json' | 'file' | 'text' | 'events' | 'empty' | 'redirect'

export interface RouteDefinition {
  readonly method: Method
  readonly path: string
  /** `public`: anyone; `signed-in`: any user; else the permission that the actor's role must hold. */
  readonly permission: Permission | 'public' | 'signed-in'
  readonly summary: string
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  readonly bodyKind?: BodyKind
  /** Largest body in bytes; 1 MiB where absent. */
  readonly bodyLimit?: number
  readonly reply?: z.ZodType
  readonly replyKind?: ReplyKind
  /** A `json` reply that comes as server-sent events where the request asks for it. */
  readonly alsoEvents?: boolean
  /** Status of a good reply; 200 where absent, 204 for an empty one. */
  readonly status?: number
  /** What an API key needs; by method (`api:read`, `api:write`) where absent. */
  readonly scope?: 'gateway' | 'tracking' | 'api:read' | 'api:write' | 'none'
  /**
   * Not for an API key, whatever its scopes: it lets someone in, or gives more than a key holds (links, keys, factors,
   * passwords, roles). A list names the fields of the body that are so.
   */
  readonly sessionOnly?: true | readonly string[]
  /** Takes `Idempotency-Key`. */
  readonly idempotent?: boolean
  /** The reply holds a secret: it is not kept for an `Idempotency-Key`. */
  readonly secretReply?: boolean
  /** Error codes that are this route's own, for the documentation. */
  readonly errors?: readonly string[]
  /** Who answers errors: the product's problem details, SwanLab's or OpenAI's shape. */
  readonly dialect?: 'problem' | 'swanlab' | 'openai'
}

/** Declares one route; the literal types are kept, so that server and page derive theirs. */
export function route<const D extends RouteDefinition>(definition: D): D {
  return definition
}

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined
type Given<T> = T extends z.ZodType ? z.input<T> : undefined

/** What a handler gets. */
export interface HandlerInput<D extends RouteDefinition> {
  readonly params: Parsed<D['params']>
  readonly query: Parsed<D['query']>
  readonly body: D['bodyKind'] extends 'stream' ? undefined : Parsed<D['body']>
}

/** What a client sends; what has no schema is absent. */
export type ClientInput<D extends RouteDefinition> = (D['params'] extends z.ZodType
  ? { params: Given<D['params']> }
  : { params?: undefined }) &
  (D['query'] extends z.ZodType ? { query?: Given<D['query']> } : { query?: undefined }) &
  (D['body'] extends z.ZodType ? { body: Given<D['body']> } : { body?: undefined })

export type ReplyOf<D extends RouteDefinition> = D['reply'] extends z.ZodType
  ? z.output<D['reply']>
  : undefined

import type { RouteReply } from '@anneal/contract'
import type { Migration } from '../db/index.ts'
import type { Actor, Platform } from '../context.ts'
import type { ChangeRow } from '../events/index.ts'
import type { SecretColumn } from '../secrets/index.ts'
import type { SettingDefinition } from '../settings/index.ts'
import type { HandlerMap } from './handlers.ts'

/** Who has lost access: sockets and event streams of theirs are closed at once. */
export type Ended = { sessionId: string } | { keyId: string } | { userId: string }

/** What the server asks of the module that knows who is who. */
export interface Authority {
  /** Reads an `Authorization` header; `nobody` without one, an AppError of `auth` for a bad or ended one. */
  authenticate(platform: Platform, authorization: string | null): Promise<Actor>
  /** Whether this actor may know of that change. */
  sees(platform: Platform, actor: Actor, row: ChangeRow): boolean | Promise<boolean>
  /** Tells of every ended session, key or user, wherever it was ended; returns a function that ends it. */
  onEnded(platform: Platform, listener: (ended: Ended) => void): () => void
  /** The one-time link that makes the first administrator; null once there is a user. */
  setUpLink(platform: Platform): Promise<string | null>
}

export type EngineState = RouteReply<'platform.health'>['engine']

export interface Module {
  readonly name: string
  readonly migrations: readonly Migration[]
  readonly routes?: HandlerMap
  readonly settings?: readonly SettingDefinition[]
  /** Where it keeps encrypted texts: a change of the master key rewrites them there, and nowhere else. */
  readonly secrets?: readonly SecretColumn[]
  /** Given by exactly one module. */
  readonly authority?: Authority
  /** Before the server listens. */
  start?(platform: Platform): Promise<void>
  /** After the last request; at most a few seconds. */
  stop?(platform: Platform): Promise<void>
  /** After the server listens. */
  ready?(platform: Platform): Promise<void>
}

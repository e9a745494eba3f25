import type { KeyScope, Language, Permission, Role, RouteName } from '@anneal/contract'
import type { AuditReader } from './audit/index.ts'
import type { Config } from './config/index.ts'
import type { Db } from './db/index.ts'
import type { Events } from './events/index.ts'
import type { Files } from './files/index.ts'
import type { Jobs } from './jobs/index.ts'
import type { Log } from './log/index.ts'
import type { Mail } from './mail/index.ts'
import type { Nodes } from './nodes/index.ts'
import type { Outbound } from './outbound/index.ts'
import type { Processes } from './processes/index.ts'
import type { Secrets } from './secrets/index.ts'
import type { Settings } from './settings/index.ts'

export interface Platform {
  readonly config: Config
  readonly log: Log
  readonly db: Db
  readonly settings: Settings
  readonly secrets: Secrets
  readonly files: Files
  readonly outbound: Outbound
  readonly jobs: Jobs
  readonly mail: Mail
  readonly events: Events
  readonly audit: AuditReader
  readonly nodes: Nodes
  readonly processes: Processes
  readonly clock: { now(): number }
  /** Made once with the database: parts this instance's cookies from those of others under the same name. */
  readonly instanceId: string
}

interface Person {
  readonly userId: string
  readonly name: string
  readonly role: Role
  readonly permissions: ReadonlySet<Permission>
  readonly groupIds: readonly string[]
}

export type UserActor = Person & { readonly kind: 'user'; readonly sessionId: string }
export type KeyActor = Person & {
  readonly kind: 'key'
  readonly keyId: string
  readonly scopes: ReadonlySet<KeyScope>
  /** Set for the key of one training run, which reaches that run alone. */
  readonly trainingRunId: string | null
}
/** `system`: jobs and supervisors; may do all. */
export type Actor =
  | UserActor
  | KeyActor
  | { readonly kind: 'system'; readonly name: string }
  | { readonly kind: 'nobody' }

export interface Context {
  readonly platform: Platform
  readonly actor: Actor
  readonly requestId: string
  /** Where the request came from; null for background work. */
  readonly address: string | null
  readonly language: Language
  readonly route: RouteName | null
}

/** The context of work that no person asked for. `name` says which part of the server acts. */
export function systemContext(platform: Platform, name: string): Context {
  return {
    platform,
    actor: { kind: 'system', name },
    requestId: `system-${name}`,
    address: null,
    language: 'en',
    route: null,
  }
}

/** Module state bound to one platform instance (several servers may run in one test process). */
export function perPlatform<T>(make: (platform: Platform) => T): (platform: Platform) => T {
  const made = new WeakMap<Platform, { value: T }>()
  return (platform) => {
    let entry = made.get(platform)
    if (!entry) made.set(platform, (entry = { value: make(platform) }))
    return entry.value
  }
}

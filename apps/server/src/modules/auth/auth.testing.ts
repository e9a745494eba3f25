import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { routes } from '@anneal/contract'
import { createSigner } from 'fast-jwt'
import { createDatabase } from '../../../../../tests/support/database.ts'
import { auditMigrations, createAudit } from '../../platform/audit/index.ts'
import type { AuditRow } from '../../platform/audit/index.ts'
import type { Config } from '../../platform/config/index.ts'
import type { Context, Platform } from '../../platform/context.ts'
import { systemContext } from '../../platform/context.ts'
import type { Dialect } from '../../platform/db/index.ts'
import { migrate, openDatabase } from '../../platform/db/index.ts'
import { testDialects as databasesHere } from '../../platform/db/testing.ts'
import { AppError } from '../../platform/errors.ts'
import { createEvents, eventsMigrations } from '../../platform/events/index.ts'
import { createHttp } from '../../platform/http/index.ts'
import { leaseMigrations } from '../../platform/lease/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { createSecrets } from '../../platform/secrets/index.ts'
import { authModule } from './index.ts'
import type { SignedIn } from './sign-in.ts'
import { signIn } from './sign-in.ts'
import { prepareSigningKeys } from './signing-keys.ts'
import { signingKeys } from './sessions.repo.ts'

export const password = 'orange kettle sings at dawn'

/** The databases that are here. */
export const testDialects = databasesHere()

const quiet: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: (text, fields) => console.error(text, fields),
  child: () => quiet,
  flush: () => {},
}

export interface AuthPlatform {
  platform: Platform
  system: Context
  /** Moves the platform's clock on. */
  passTime(ms: number): void
  /** The same platform under another configuration. */
  withConfig(config: Partial<Config>): Platform
  /** A second server on the same database. */
  secondServer(): Promise<AuthPlatform>
  /** Signs with the server's own key, but other claims; `iat` in Unix milliseconds. */
  signWith(options: { expiresIn: number; iat?: number; aud?: string }): Promise<(claims: object) => string>
  close(): Promise<void>
}

interface Shared {
  url: string
  dataFolder: string
  key: Buffer
  instanceId: string
}

async function openOn(shared: Shared, holder: string, closed: () => Promise<void>): Promise<AuthPlatform> {
  const db = await openDatabase({ url: shared.url, dataFolder: shared.dataFolder })
  await migrate(db, [...leaseMigrations, ...eventsMigrations, ...auditMigrations, ...authModule.migrations])
  const events = createEvents({ db, log: quiet, holder })
  const audit = createAudit({ db, log: quiet, holder })
  let offset = 0
  const config: Partial<Config> = { publicUrl: null, port: 4600, adminEmail: null, adminPassword: null }
  // Auth asks nothing else of the platform.
  const parts: Partial<Platform> = {
    config: config as Config,
    db,
    events,
    audit,
    log: quiet,
    secrets: createSecrets(shared.key),
    jobs: { define() {} } as unknown as Platform['jobs'],
    mail: { on: false } as Platform['mail'],
    nodes: { self: { id: holder, name: holder } } as Platform['nodes'],
    clock: { now: () => Date.now() + offset },
    instanceId: shared.instanceId,
  }
  const platform = parts as Platform
  await events.start()
  await authModule.start?.(platform)
  return {
    platform,
    system: systemContext(platform, 'test'),
    passTime: (ms) => void (offset += ms),
    withConfig: (changed) => ({ ...platform, config: { ...platform.config, ...changed } }),
    secondServer: () => {
      const dataFolder = mkdtempSync(path.join(tmpdir(), 'anneal-auth-'))
      const removed = async () => rmSync(dataFolder, { recursive: true })
      return openOn({ ...shared, dataFolder }, `${holder}-second`, removed)
    },
    async signWith({ expiresIn, iat, aud }) {
      await prepareSigningKeys(platform)
      const [row] = await db.read.all(signingKeys, {})
      return createSigner<object>({
        algorithm: 'EdDSA',
        key: platform.secrets.decrypt(row!.private_key),
        kid: row!.kid,
        iss: shared.instanceId,
        aud: aud ?? shared.instanceId,
        expiresIn,
        ...(iat ? { clockTimestamp: iat } : {}),
      })
    },
    async close() {
      await authModule.stop?.(platform)
      await events.stop()
      await db.close()
      await closed()
    },
  }
}

/** A platform of auth's own on a database of its own, which `close` drops. */
export async function openAuthPlatform(dialect: Dialect): Promise<AuthPlatform> {
  const dataFolder = mkdtempSync(path.join(tmpdir(), 'anneal-auth-'))
  const server = dialect === 'sqlite' ? null : await createDatabase(dialect)
  const url = server?.url ?? `sqlite:${path.join(dataFolder, 'anneal.db')}`
  const shared = { url, dataFolder, key: randomBytes(32), instanceId: randomBytes(6).toString('hex') }
  return openOn(shared, 'node', async () => {
    await server?.drop()
    rmSync(dataFolder, { recursive: true })
  })
}

/** The context of a request by nobody. */
export function requestOf(opened: AuthPlatform): Context {
  return { ...opened.system, actor: { kind: 'nobody' }, address: '10.0.0.1' }
}

/** Signs in whoever is asked for nothing more. */
export async function openSession(
  ctx: Context,
  input: { email: string; password: string },
  device: { userAgent: string | null },
): Promise<SignedIn> {
  const { reply, refreshToken } = await signIn(ctx, input, device)
  if (!('accessToken' in reply) || refreshToken === null) throw new AppError('auth.wrong-credentials')
  return { reply, refreshToken }
}

/** The actions in the audit, oldest first. */
export async function auditActions(opened: AuthPlatform): Promise<string[]> {
  const rows = await opened.platform.db.read.dynamic<{ audit_event: AuditRow }, { action: string }>((k) =>
    k.selectFrom('audit_event').select('action').orderBy('id'),
  )
  return rows.map((row) => row.action)
}

/** The HTTP side with the routes of auth; every other route is answered as unknown. */
export async function authHttp(opened: AuthPlatform) {
  const others = Object.fromEntries(Object.keys(routes).map((name) => [name, () => undefined]))
  const { app } = createHttp({
    platform: opened.platform,
    authority: authModule.authority!,
    handlers: { ...others, ...authModule.routes },
    idempotently: async (_ctx, _definition, _key, _input, run) => run(),
    page: { serve: () => null } as never,
  })
  await app.ready()
  return app
}

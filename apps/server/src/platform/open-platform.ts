import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { auditMigrations, createAudit } from './audit/index.ts'
import type { Config } from './config/index.ts'
import type { Platform } from './context.ts'
import { migrate, openDatabase } from './db/index.ts'
import type { Db, Migration } from './db/index.ts'
import { createEvents, eventsMigrations } from './events/index.ts'
import { createFiles, filesMigrations } from './files/index.ts'
import type { Module } from './http/module.ts'
import { idempotencyMigrations } from './idempotency/index.ts'
import { newId } from './ids.ts'
import { instanceSettings } from './instance-settings.ts'
import { createJobs, jobsMigrations } from './jobs/index.ts'
import type { Log } from './log/index.ts'
import { leaseMigrations } from './lease/index.ts'
import { createMail, mailFrom } from './mail/index.ts'
import { createNodes, nodesMigrations } from './nodes/index.ts'
import { createOutbound } from './outbound/index.ts'
import { createProcesses } from './processes/index.ts'
import { searchMigrations } from './search/index.ts'
import { openSecrets, platformSecrets, startKeyRotation } from './secrets/index.ts'
import type { OpenSettings, Settings } from './settings/index.ts'
import { defineSetting, instanceFact, openSettings, settingsMigrations } from './settings/index.ts'

/** Whether addresses that a person gave may be private ones; local models live there. */
export const allowPrivateAddresses = defineSetting({
  key: 'outbound.allowPrivate',
  schema: z.boolean(),
  default: true,
})

export interface OpenPlatform {
  readonly platform: Platform
  /** Background work begins: numbering, heartbeats, jobs. */
  listening(port: number): Promise<void>
  /** Jobs are no more taken. */
  noNewWork(): void
  close(): Promise<void>
}

const platformMigrations: readonly Migration[] = [
  ...settingsMigrations,
  ...leaseMigrations,
  ...nodesMigrations,
  ...eventsMigrations,
  ...auditMigrations,
  ...idempotencyMigrations,
  ...jobsMigrations,
  ...filesMigrations,
  ...searchMigrations,
]

const clock = { now: () => Date.now() }

function outboundOf(config: Config, settings: Settings) {
  return createOutbound({
    allowPrivate: () => settings.get(allowPrivateAddresses),
    proxy: config.httpProxy ?? undefined,
    ca: config.caFile ? readFileSync(config.caFile, 'utf8') : undefined,
    databaseUrl: config.databaseUrl.startsWith('sqlite:') ? undefined : config.databaseUrl,
  })
}

/** What another server set is read again here. */
function followSettings({ events, log }: Platform, settings: OpenSettings): void {
  events.onChange('setting', ({ id }) => {
    settings
      .reload(id)
      .catch((error: unknown) => log.warn('a changed setting could not be read', { error, setting: id }))
  })
}

function settingsOf(modules: readonly Module[]) {
  const own = modules.flatMap((module) => module.settings ?? [])
  return [...instanceSettings, allowPrivateAddresses, mailFrom, ...own]
}

/** Everything a module may ask of the platform, on a database that is up to date. */
async function assemble(config: Config, modules: readonly Module[], log: Log, db: Db): Promise<OpenPlatform> {
  await migrate(db, [...platformMigrations, ...modules.flatMap((module) => module.migrations)])
  const secrets = await openSecrets(db, config)
  const instanceId = await instanceFact(db, 'instance-id', () => newId().replaceAll('-', '').slice(-12))
  const settings = await openSettings(db, settingsOf(modules), log, clock.now)
  const nodes = createNodes({ db, config, log })
  /* A process, not a node: a restart must not take its predecessor's lease for its own. */
  const holder = newId()
  const events = createEvents({ db, log, holder })
  const outbound = outboundOf(config, settings)
  const jobs = createJobs({ db, nodeId: nodes.self.id, log })
  const mail = createMail({ config, settings, secrets, jobs, log })
  const audit = createAudit({ db, log, holder, announced: () => events.committed() })
  const files = createFiles({ db, data: config.data, nodeId: nodes.self.id })
  const platform: Platform = {
    config,
    log,
    db,
    settings,
    secrets,
    files,
    outbound,
    jobs,
    mail,
    events,
    audit,
    nodes,
    processes: createProcesses(config.root),
    clock,
    instanceId,
  }
  await events.start()
  await audit.start()
  followSettings(platform, settings)
  await startKeyRotation(platform, secrets, [
    ...platformSecrets,
    ...modules.flatMap((module) => module.secrets ?? []),
  ])
  return {
    platform,
    async listening(port) {
      outbound.refusePort(port)
      await nodes.start(`http://127.0.0.1:${port}`)
      await files.clean()
      await jobs.start(platform)
    },
    noNewWork: () => jobs.pause(),
    async close() {
      await jobs.stop()
      mail.close()
      await audit.stop()
      await events.stop()
      outbound.close()
      await nodes.close()
      await db.close()
    },
  }
}

/** Opens database, lock and all of the platform; rejects with a StartError, and nothing left open, where it cannot. */
export async function openPlatform(
  config: Config,
  modules: readonly Module[],
  log: Log,
): Promise<OpenPlatform> {
  const db = await openDatabase({ url: config.databaseUrl, dataFolder: config.data })
  try {
    return await assemble(config, modules, log, db)
  } catch (error) {
    await db.close()
    throw error
  }
}

import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { auditMigrations } from '../audit/index.ts'
import type { Platform } from '../context.ts'
import { systemContext } from '../context.ts'
import type { Db } from '../db/index.ts'
import { migrate, openDatabase } from '../db/index.ts'
import { eventsMigrations } from '../events/index.ts'
import { createLog } from '../log/index.ts'
import type { Config } from '../config/index.ts'
import { openSecrets } from '../secrets/index.ts'
import { write } from '../write.ts'
import { defineSetting, instanceFact, openSettings, settingsMigrations } from './index.ts'

const zone = defineSetting({ key: 'test.zone', schema: z.string().min(1), default: 'UTC' })
const quiet = createLog('error', { write() {} })

let data = ''
let db: Db
beforeEach(async () => {
  data = mkdtempSync(path.join(tmpdir(), 'anneal-settings-'))
  db = await openDatabase({ url: `sqlite:${path.join(data, 'test.db')}`, dataFolder: data })
  await migrate(db, [...settingsMigrations, ...auditMigrations, ...eventsMigrations])
})
afterEach(async () => {
  await db.close()
  rmSync(data, { recursive: true })
})

const open = () => openSettings(db, [zone], quiet, Date.now)
type Opened = Awaited<ReturnType<typeof open>>

/** A real write; only those who wait for its commit are left out. */
function store(settings: Opened, value: string, after?: () => never) {
  const later = { committed() {} }
  const platform = { db, events: later, audit: later, clock: { now: Date.now } } as unknown as Platform
  return write(systemContext(platform, 'test'), async (tx) => {
    await settings.set(tx, zone, value)
    tx.audit('setting.changed', { kind: 'setting', id: zone.key })
    after?.()
  })
}

test('a setting has its default until it is set, and its value ever after', async () => {
  const settings = await open()
  expect(settings.get(zone)).toBe('UTC')
  await store(settings, 'Asia/Shanghai')
  await store(settings, 'Europe/Berlin')
  expect(settings.get(zone)).toBe('Europe/Berlin')
  expect((await open()).get(zone)).toBe('Europe/Berlin')
})

test('what another server set is seen after its change, and listeners are told once', async () => {
  const [here, there] = await Promise.all([open(), open()])
  const told: string[] = []
  const stop = here.onChange(zone, (value) => told.push(value))
  await store(there, 'Asia/Tokyo')
  expect(here.get(zone)).toBe('UTC')
  await here.reload(zone.key)
  await here.reload(zone.key)
  stop()
  await store(here, 'UTC')
  expect(told).toEqual(['Asia/Tokyo'])
})

test('a write that fails changes nothing', async () => {
  const settings = await open()
  const failing = store(settings, 'Asia/Tokyo', () => {
    throw new Error('later')
  })
  await expect(failing).rejects.toThrow('later')
  expect(settings.get(zone)).toBe('UTC')
})

test('a stored value that no longer fits counts as not set', async () => {
  await store(await open(), '')
  expect((await open()).get(zone)).toBe('UTC')
})

test('a fact of the installation is made once, whoever asks', async () => {
  const asked = await Promise.all(['a', 'b', 'c'].map((value) => instanceFact(db, 'fact', () => value)))
  expect(new Set(asked).size).toBe(1)
})

test('a server with another master key does not start', async () => {
  const config = (key: Buffer) => ({ masterKey: key.toString('base64') }) as Config
  const first = config(randomBytes(32))
  await openSecrets(db, first)
  const stored = (await openSecrets(db, first)).encrypt('kept')
  expect((await openSecrets(db, first)).decrypt(stored)).toBe('kept')
  await expect(openSecrets(db, config(randomBytes(32)))).rejects.toThrow('another master key')
})

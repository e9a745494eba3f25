import type { z } from 'zod'
import type { Context } from '../context.ts'
import type { Db, Reader } from '../db/index.ts'
import type { Log } from '../log/index.ts'
import type { WriteTx } from '../write.ts'
import type { SettingRow } from './settings.repo.ts'
import { allSettings, insertSetting, settingByName, updateSetting, updateSettingOf } from './settings.repo.ts'

export interface SettingState {
  key: string
  value: unknown
  standard: unknown
  /** 0 until it is set for the first time. */
  version: number
  updatedAt: number | null
}

export interface SettingDefinition<T = unknown> {
  readonly key: string
  readonly schema: z.ZodType<T>
  readonly default: T
  /** Throws where this actor may not set that value, whatever else they may. */
  guard?(ctx: Context, reader: Reader, value: T): Promise<void>
}

export interface Settings {
  /** The present value, from memory. */
  get<T>(setting: SettingDefinition<T>): T
  /**
   * Stores it; every server sees it without a restart. The caller's write writes the audit row. False, and nothing
   * stored, where a version is named (0: never set) and it has another one; two first writes: UniqueViolation.
   */
  set<T>(tx: WriteTx, setting: SettingDefinition<T>, value: T, version?: number): Promise<boolean>
  /** Every setting there is, by key, as `reader` sees it. */
  list(reader: Reader): Promise<SettingState[]>
  definition(key: string): SettingDefinition | undefined
  /** Calls `listener` after each change; returns a function that ends it. */
  onChange<T>(setting: SettingDefinition<T>, listener: (value: T) => void): () => void
}

export interface OpenSettings extends Settings {
  /** Reads one again, after another server changed it. */
  reload(key: string): Promise<void>
}

/** Declares a setting; list it in the module's `settings`. */
export function defineSetting<T>(definition: SettingDefinition<T>): SettingDefinition<T> {
  return definition
}

/** Settings that are stored, held in memory; a stored value that no longer fits counts as not set. */
class StoredSettings implements OpenSettings {
  private readonly known: ReadonlyMap<string, SettingDefinition>
  private readonly values = new Map<string, unknown>()
  private readonly listeners = new Map<string, Set<(value: never) => void>>()
  private readonly db: Db
  private readonly log: Log
  private readonly now: () => number

  constructor(db: Db, definitions: readonly SettingDefinition[], log: Log, now: () => number) {
    this.known = new Map(definitions.map((definition) => [definition.key, definition]))
    this.db = db
    this.log = log
    this.now = now
  }

  async read(): Promise<void> {
    for (const row of await this.db.read.all(allSettings, {})) {
      const result = this.parse(row)
      if (result?.success) this.values.set(row.name, result.data)
    }
  }

  get<T>(setting: SettingDefinition<T>): T {
    return this.values.has(setting.key) ? (this.values.get(setting.key) as T) : setting.default
  }

  async set<T>(tx: WriteTx, setting: SettingDefinition<T>, value: T, version?: number): Promise<boolean> {
    const stored = { name: setting.key, value: JSON.stringify(value), now: this.now() }
    if (version === undefined) {
      const { changes } = await tx.run(updateSetting, stored)
      if (changes === 0) await tx.run(insertSetting, stored)
    } else if (version === 0) await tx.run(insertSetting, stored)
    else if ((await tx.run(updateSettingOf, { ...stored, version })).changes === 0) return false
    tx.emit({
      kind: 'setting',
      id: setting.key,
      change: 'updated',
      ownerId: null,
      /* The key alone is told: pages re-read what they show of it. */
      visibility: 'everyone',
    })
    tx.afterCommit(() => this.take(setting.key, value))
    return true
  }

  async list(reader: Reader): Promise<SettingState[]> {
    const rows = new Map((await reader.all(allSettings, {})).map((row) => [row.name, row]))
    return [...this.known.values()].map(({ key, default: standard }) => {
      const row = rows.get(key)
      const result = row && this.parse(row)
      return {
        key,
        standard,
        value: result?.success ? result.data : standard,
        version: row?.version ?? 0,
        updatedAt: row ? Number(row.updated_at) : null,
      }
    })
  }

  definition(key: string): SettingDefinition | undefined {
    return this.known.get(key)
  }

  onChange<T>(setting: SettingDefinition<T>, listener: (value: T) => void): () => void {
    const set = this.listeners.get(setting.key) ?? new Set()
    this.listeners.set(setting.key, set.add(listener))
    return () => void set.delete(listener)
  }

  async reload(key: string): Promise<void> {
    const row = await this.db.read.first(settingByName, { name: key })
    const result = row ? this.parse(row) : undefined
    if (result?.success && JSON.stringify(result.data) !== JSON.stringify(this.values.get(key)))
      this.take(key, result.data)
  }

  private parse(row: SettingRow) {
    const result = this.known.get(row.name)?.schema.safeParse(JSON.parse(row.value))
    if (result && !result.success) this.log.warn('a stored setting does not fit', { setting: row.name })
    return result
  }

  private take(key: string, value: unknown): void {
    this.values.set(key, value)
    for (const listener of this.listeners.get(key) ?? []) (listener as (value: unknown) => void)(value)
  }
}

export async function openSettings(
  db: Db,
  definitions: readonly SettingDefinition[],
  log: Log,
  now: () => number,
): Promise<OpenSettings> {
  const settings = new StoredSettings(db, definitions, log, now)
  await settings.read()
  return settings
}

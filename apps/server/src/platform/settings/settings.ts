import type { z } from 'zod'
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
export async function openSettings(
  db: Db,
  definitions: readonly SettingDefinition[],
  log: Log,
  now: () => number,
): Promise<OpenSettings> {
  const known = new Map(definitions.map((definition) => [definition.key, definition]))
  const values = new Map<string, unknown>()
  const listeners = new Map<string, Set<(value: never) => void>>()

  const parse = (row: SettingRow) => {
    const result = known.get(row.name)?.schema.safeParse(JSON.parse(row.value))
    if (result && !result.success) log.warn('a stored setting does not fit', { setting: row.name })
    return result
  }
  const take = (key: string, value: unknown) => {
    values.set(key, value)
    for (const listener of listeners.get(key) ?? []) (listener as (value: unknown) => void)(value)
  }
  for (const row of await db.read.all(allSettings, {})) {
    const result = parse(row)
    if (result?.success) values.set(row.name, result.data)
  }

  return {
    get<T>(setting: SettingDefinition<T>): T {
      return values.has(setting.key) ? (values.get(setting.key) as T) : setting.default
    },
    async set(tx, setting, value, version) {
      const stored = { name: setting.key, value: JSON.stringify(value), now: now() }
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
      tx.afterCommit(() => take(setting.key, value))
      return true
    },
    async list(reader) {
      const rows = new Map((await reader.all(allSettings, {})).map((row) => [row.name, row]))
      return definitions.map(({ key, default: standard }) => {
        const row = rows.get(key)
        const result = row && parse(row)
        return {
          key,
          standard,
          value: result?.success ? result.data : standard,
          version: row?.version ?? 0,
          updatedAt: row ? Number(row.updated_at) : null,
        }
      })
    },
    definition: (key) => known.get(key),
    onChange(setting, listener) {
      const set = listeners.get(setting.key) ?? new Set()
      listeners.set(setting.key, set.add(listener))
      return () => void set.delete(listener)
    },
    async reload(key) {
      const row = await db.read.first(settingByName, { name: key })
      const result = row ? parse(row) : undefined
      if (result?.success && JSON.stringify(result.data) !== JSON.stringify(values.get(key)))
        take(key, result.data)
    },
  }
}

import type { z } from 'zod'
import type { WriteTx } from '../write.ts'

export interface SettingDefinition<T = unknown> {
  readonly key: string
  readonly schema: z.ZodType<T>
  readonly default: T
}

export interface Settings {
  /** The present value, from memory. */
  get<T>(setting: SettingDefinition<T>): T
  /** Stores it; every server sees it without a restart. The caller's write writes the audit row. */
  set<T>(tx: WriteTx, setting: SettingDefinition<T>, value: T): Promise<void>
  /** Calls `listener` after each change; returns a function that ends it. */
  onChange<T>(setting: SettingDefinition<T>, listener: (value: T) => void): () => void
}

/** Declares a setting; list it in the module's `settings`. */
export function defineSetting<T>(definition: SettingDefinition<T>): SettingDefinition<T> {
  return definition
}

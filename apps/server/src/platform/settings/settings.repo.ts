import type { Migration } from '../db/index.ts'
import { defineQuery } from '../db/index.ts'

export interface SettingRow {
  name: string
  value: string
  version: number
  updated_at: number
}
export interface FactRow {
  name: string
  value: string
}
interface SettingTables {
  setting: SettingRow
  instance_fact: FactRow
}

const query = defineQuery<SettingTables>()

export const settingsMigrations: Migration[] = [
  {
    id: 'settings.001-settings',
    statements: (words) => [
      words.createTable('setting', {
        name: `${words.text(100)} not null primary key`,
        value: `${words.longtext} not null`,
        version: `${words.int} not null`,
        updated_at: `${words.time} not null`,
      }),
      words.createTable('instance_fact', {
        name: `${words.text(100)} not null primary key`,
        value: `${words.text(500)} not null`,
      }),
    ],
  },
]

export const allSettings = query<Record<never, never>, SettingRow>((k) => k.selectFrom('setting').selectAll())

export const settingByName = query<{ name: string }, SettingRow>((k, p) =>
  k.selectFrom('setting').selectAll().where('name', '=', p.name),
)

export const updateSetting = query<{ name: string; value: string; now: number }, unknown>((k, p) =>
  k
    .updateTable('setting')
    .set((eb) => ({ value: p.value, updated_at: p.now, version: eb('version', '+', 1) }))
    .where('name', '=', p.name),
)

export const updateSettingOf = query<{ name: string; value: string; now: number; version: number }, unknown>(
  (k, p) =>
    k
      .updateTable('setting')
      .set((eb) => ({ value: p.value, updated_at: p.now, version: eb('version', '+', 1) }))
      .where('name', '=', p.name)
      .where('version', '=', p.version),
)

export const insertSetting = query<{ name: string; value: string; now: number }, unknown>((k, p) =>
  k.insertInto('setting').values({ name: p.name, value: p.value, version: 1, updated_at: p.now }),
)

export const factByName = query<{ name: string }, FactRow>((k, p) =>
  k.selectFrom('instance_fact').selectAll().where('name', '=', p.name),
)

export const insertFact = query<FactRow, unknown>((k, p) =>
  k.insertInto('instance_fact').values({ name: p.name, value: p.value }),
)

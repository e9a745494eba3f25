import type { Setting } from '../tracking.api.ts'

type Value = Setting['value'] | undefined

export interface SettingRow {
  key: string
  /** One a run, in their order; undefined where it has none. */
  values: Value[]
  differs: boolean
}

/** The settings of several runs side by side, in the order of the first that has them. */
export function compareSettings(runs: readonly { settings: readonly Setting[] }[]): SettingRow[] {
  const byRun = runs.map((run) => new Map(run.settings.map(({ key, value }) => [key, value])))
  const keys = new Set(runs.flatMap((run) => run.settings.map(({ key }) => key)))
  return [...keys].map((key) => {
    const values = byRun.map((settings): Value => settings.get(key))
    return { key, values, differs: values.some((value) => value !== values[0]) }
  })
}

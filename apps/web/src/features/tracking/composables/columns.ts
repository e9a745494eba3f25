import type { ProjectKeys } from '../tracking.api.ts'
import { isHardware } from './sections.ts'

/** A column of the table of runs: a series' last value or a setting. */
export interface RunColumn {
  kind: 'value' | 'setting'
  key: string
}

export const columnId = ({ kind, key }: RunColumn): string => `${kind}:${key}`

export function columnOf(id: string): RunColumn | null {
  const at = id.indexOf(':')
  const kind = id.slice(0, at)
  return kind === 'value' || kind === 'setting' ? { kind, key: id.slice(at + 1) } : null
}

/** What is asked for by everyone first: losses, and what a run is told by. */
const usual = ['learning_rate', 'lr', 'rank', 'lora_r', 'batch_size']

/** The columns of a project that nobody has chosen any for. */
export function defaultColumns({ metrics, settings }: ProjectKeys): RunColumn[] {
  const drawn = metrics.map(({ key }) => key).filter((key) => !isHardware(key))
  const losses = drawn
    .filter((key) => /(^|[/_.])loss$/i.test(key))
    .toSorted((a, b) => Number(/eval|val|test/i.test(a)) - Number(/eval|val|test/i.test(b)))
  const values = (losses.length > 0 ? losses : drawn).slice(0, 2)
  const found = usual.filter((key) => settings.includes(key)).slice(0, 2)
  return [
    ...values.map((key): RunColumn => ({ kind: 'value', key })),
    ...found.map((key): RunColumn => ({ kind: 'setting', key })),
  ]
}

/** What the field itself abbreviates. */
const abbreviated: Readonly<Record<string, string>> = { learning_rate: 'lr' }

/** What a column is headed by: its last part; of two alike, the later one by its first part, else by the whole. */
export function shortNames(keys: readonly string[]): string[] {
  const names: string[] = []
  for (const key of keys) {
    const parts = key.split('/').filter(Boolean)
    const last = parts.at(-1)
    const short = last !== undefined && Object.hasOwn(abbreviated, last) ? abbreviated[last] : undefined
    const name = [short, last, parts[0], key].find((one) => one !== undefined && !names.includes(one))
    names.push(name ?? key)
  }
  return names
}

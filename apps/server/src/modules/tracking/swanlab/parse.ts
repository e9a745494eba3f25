import type { Line, PointColumns } from '../points-store.ts'
import { parseTime } from './parse-time.ts'

type Json = Record<string, unknown>

export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : []
}

export function textOf(value: unknown, most: number): string {
  return typeof value === 'string' ? value.slice(0, most) : ''
}

const longestKey = 512

/** A series' key; empty for one that is none. */
export const keyOf = (value: unknown): string => textOf(value, longestKey)

const longestLine = 65_536

export function stepOf(value: unknown): number | null {
  const step = typeof value === 'string' ? Number(value) : value
  return typeof step === 'number' && Number.isSafeInteger(step) ? step : null
}

/** The last moment that a date can name: beyond it no database keeps it as a whole number. */
const latestTime = 8.64e15

export function timeOf(value: unknown, now: number): number {
  const time = typeof value === 'string' ? parseTime(value) : typeof value === 'number' ? value : Number.NaN
  return Math.abs(time) <= latestTime ? Math.trunc(time) : now
}

/** A number as it is; the SDKs spell what is no finite one in words. */
function valueOf(data: unknown): number {
  if (typeof data === 'number') return data
  if (data === 'INF' || data === 'Infinity') return Number.POSITIVE_INFINITY
  if (data === '-INF' || data === '-Infinity') return Number.NEGATIVE_INFINITY
  return Number.NaN
}

/** The scalars of a batch, by key; an item that makes no sense is left out, since no answer to it is safe. */
export function scalarsOf(metrics: readonly unknown[], now: number): PointColumns[] {
  const byKey = new Map<string, PointColumns>()
  for (const raw of metrics) {
    const item = objectOf(raw)
    const key = keyOf(item['key'])
    const step = stepOf(item['index'])
    if (key === '' || step === null) continue
    let columns = byKey.get(key)
    if (!columns) byKey.set(key, (columns = { key, step: [], value: [], time: [] }))
    columns.step.push(step)
    columns.value.push(valueOf(item['data']))
    columns.time.push(timeOf(item['create_time'], now))
  }
  return [...byKey.values()]
}

/** The log lines of a batch. */
export function linesOf(metrics: readonly unknown[], now: number): Line[] {
  return metrics.flatMap((raw) => {
    const item = objectOf(raw)
    const epoch = stepOf(item['epoch'])
    if (epoch === null || typeof item['message'] !== 'string') return []
    return [
      {
        epoch,
        time: timeOf(item['create_time'], now),
        level: textOf(item['level'], 10) || 'INFO',
        message: item['message'].slice(0, longestLine),
      },
    ]
  })
}

/** Series that a call declares, by key: `[{key, type}]` in both protocols' shapes. */
export function seriesOf(list: readonly unknown[]): Map<string, string> {
  return new Map(
    list.flatMap((raw): [string, string][] => {
      const item = objectOf(raw)
      const key = keyOf(item['key'])
      return key === '' ? [] : [[key, textOf(item['type'], 20) || 'FLOAT']]
    }),
  )
}

/** Lays new values over old ones. Nothing is lost to a null or an empty object: later processes of a run send those. */
export function mergeProfile(old: unknown, fresh: unknown): unknown {
  if (fresh === null || fresh === undefined) return old
  if (typeof fresh !== 'object' || Array.isArray(fresh)) return fresh
  const merged: Json = { ...objectOf(old) }
  for (const [key, value] of Object.entries(fresh as Json)) {
    if (key === '__proto__') continue
    merged[key] = mergeProfile(merged[key], value)
  }
  return merged
}

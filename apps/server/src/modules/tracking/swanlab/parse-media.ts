import { tracking } from '@anneal/contract'
import type { DefinitionRow } from '../media.repo.ts'
import { keyOf, listOf, objectOf, stepOf, textOf, timeOf } from './parse.ts'

export interface Medium {
  key: string
  step: number
  /** Unix milliseconds. */
  time: number
  data: string[]
  more: unknown[]
}

/** A text that is sent without a file; a longer one than this is cut. */
const longestText = 2 ** 20
const mostItems = 1000
const longestMore = 64 * 1024

/** Captions and the like; one too long to be any is left out. */
function moreOf(value: unknown): unknown {
  const more = typeof value === 'object' && value !== null ? value : null
  return more && JSON.stringify(more).length <= longestMore ? more : null
}

const asList = (value: unknown): unknown[] => (typeof value === 'string' ? [value] : listOf(value))

/** What a batch holds beside numbers and lines; an item that makes no sense is left out. */
export function mediaOf(metrics: readonly unknown[], now: number): Medium[] {
  return metrics.flatMap((raw) => {
    const item = objectOf(raw)
    const key = keyOf(item['key'])
    const step = stepOf(item['index'])
    const data = asList(item['data'])
      .slice(0, mostItems)
      .map((one) => textOf(one, longestText))
    if (key === '' || step === null || data.length === 0) return []
    const more = listOf(item['more'])
    return [
      {
        key,
        step,
        time: timeOf(item['create_time'], now),
        data,
        more: data.map((_, at) => moreOf(more[at])),
      },
    ]
  })
}

const optional = (value: unknown): string | null => textOf(value, 512) || null

const media: ReadonlySet<string> = new Set(tracking.mediaKinds)

/** Whether a declared type is that of numbers. */
export const isScalarType = (type: string): boolean => !media.has(type.toUpperCase())

/** How series are to be drawn, as either protocol says it. */
export function definitionsOf(list: readonly unknown[]): Omit<DefinitionRow, 'project_id'>[] {
  return list.flatMap((raw) => {
    const item = objectOf(raw)
    const key = keyOf(item['key'])
    if (key === '') return []
    return [
      {
        series_key: key,
        type: textOf(item['type'], 20).toUpperCase() || 'FLOAT',
        name: optional(item['name']) ?? optional(item['metricName']),
        section: optional(item['sectionName']),
        x_axis: optional(item['xAxis']),
        hidden: item['hidden'] === true ? 1 : 0,
      },
    ]
  })
}

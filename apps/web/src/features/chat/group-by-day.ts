import type { Summary } from './chat.api.ts'

export type DayKey = 'today' | 'yesterday' | 'week' | 'earlier'
export interface DayGroup {
  key: DayKey
  items: Summary[]
}

const dayMs = 24 * 60 * 60 * 1000

/** Conversations by how long ago they were used, in the reader's own days. Their order stays. */
export function groupByDay(items: readonly Summary[], now: Date): DayGroup[] {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime()
  const groups: DayGroup[] = []
  for (const item of items) {
    const at = Date.parse(item.updatedAt)
    const key: DayKey =
      at >= midnight
        ? 'today'
        : at >= midnight - dayMs
          ? 'yesterday'
          : at >= midnight - 6 * dayMs
            ? 'week'
            : 'earlier'
    const group = groups.find((one) => one.key === key)
    if (group) group.items.push(item)
    else groups.push({ key, items: [item] })
  }
  return groups
}

export type RunSortKey = string | number | boolean | null

/** Numbers before texts; like with like. */
function compare(a: string | number | boolean, b: string | number | boolean): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'number') return -1
  if (typeof b === 'number') return 1
  return String(a).localeCompare(String(b), 'en', { numeric: true })
}

/** Ids in the order of their keys; those without one come last whatever the direction, ties keep their order. */
export function sortRuns(
  ids: readonly string[],
  keys: readonly RunSortKey[],
  order: 'up' | 'down',
): string[] {
  const sign = order === 'down' ? -1 : 1
  return ids
    .map((id, index) => ({ id, key: keys[index] ?? null }))
    .toSorted((a, b) => {
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null)
      return sign * compare(a.key, b.key)
    })
    .map(({ id }) => id)
}

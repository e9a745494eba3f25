const mostKeys = 60
const longestQuery = 6000

/** Keys in portions that an address can hold. */
export function portionsOf<T extends { key: string }>(wanted: readonly T[]): T[][] {
  const portions: T[][] = []
  let length = 0
  for (const one of wanted) {
    const size = encodeURIComponent(JSON.stringify(one.key)).length + 3
    const last = portions.at(-1)
    if (last && last.length < mostKeys && length + size < longestQuery) last.push(one)
    else portions.push([one])
    length = portions.at(-1)?.length === 1 ? size : length + size
  }
  return portions
}

export interface Section {
  /** What stands before the first slash; empty for keys without one. */
  name: string
  keys: string[]
  /** How many it has without the filter. */
  all: number
}

export const isHardware = (key: string): boolean => key.startsWith('__swanlab__.')

/** The filter as an expression; a text that is none is looked for as it stands. */
export function keyMatcher(filter: string): { matches: (key: string) => boolean; valid: boolean } {
  if (filter === '') return { matches: () => true, valid: true }
  try {
    const expression = new RegExp(filter, 'i')
    return { matches: (key) => expression.test(key), valid: true }
  } catch {
    const text = filter.toLowerCase()
    return { matches: (key) => key.toLowerCase().includes(text), valid: false }
  }
}

const sectionOf = (key: string): string => {
  const at = key.indexOf('/')
  return at > 0 ? key.slice(0, at) : ''
}

/** Training first, then what measures it, then the others as met; keys without a section last. */
function rankOf({ name }: Section): number {
  if (name === '') return 3
  if (/^train/i.test(name)) return 0
  return /^(eval|val|test)/i.test(name) ? 1 : 2
}

/** Keys by what stands before their first slash. */
export function sectionsOf(keys: readonly string[], matches: (key: string) => boolean): Section[] {
  const sections = new Map<string, Section>()
  for (const key of keys) {
    const name = sectionOf(key)
    let section = sections.get(name)
    if (!section) sections.set(name, (section = { name, keys: [], all: 0 }))
    section.all++
    if (matches(key)) section.keys.push(key)
  }
  return [...sections.values()]
    .filter((section) => section.keys.length > 0)
    .toSorted((a, b) => rankOf(a) - rankOf(b))
}

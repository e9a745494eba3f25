export interface Section {
  /** As the project names it, else what stands before the first slash; empty for keys without one. */
  name: string
  keys: ChartKey[]
  /** How many it has without the filter. */
  all: number
}

export const isHardware = (key: string): boolean => key.startsWith('__swanlab__.')

interface Matcher {
  matches: (key: string) => boolean
  /** It is an expression. */
  valid: boolean
  /** Nothing is looked for. */
  all: boolean
}

/** The filter as an expression; a text that is none is looked for as it stands. */
export function keyMatcher(filter: string): Matcher {
  if (filter === '') return { matches: () => true, valid: true, all: true }
  try {
    const expression = new RegExp(filter, 'i')
    return { matches: (key) => expression.test(key), valid: true, all: false }
  } catch {
    const text = filter.toLowerCase()
    return { matches: (key) => key.toLowerCase().includes(text), valid: false, all: false }
  }
}

/** A series to draw, with what its project says of how. */
export interface ChartKey {
  key: string
  name: string | null
  section: string | null
  /** Not to be drawn unless someone looks for it. */
  hidden: boolean
}

/** What some SDKs call the section of what has none. */
const unnamed = 'default'

function sectionOf({ key, section }: ChartKey): string {
  if (section !== null && section !== unnamed) return section
  const at = key.indexOf('/')
  return at > 0 ? key.slice(0, at) : ''
}

/** Whether a filter shows a series, by its key or its name; hidden ones only where something is looked for. */
export function shownBy({ matches, all }: Matcher): (one: ChartKey) => boolean {
  return ({ key, name, hidden }) => (all ? !hidden : matches(key) || (name !== null && matches(name)))
}

/** Training first, then what measures it, then the others as met; keys without a section last. */
function rankOf({ name }: Section): number {
  if (name === '') return 3
  if (/^train/i.test(name)) return 0
  return /^(eval|val|test)/i.test(name) ? 1 : 2
}

/** Series by section, those that `shown` leaves out counted alone. */
export function sectionsOf(keys: readonly ChartKey[], shown: (key: ChartKey) => boolean): Section[] {
  const sections = new Map<string, Section>()
  for (const key of keys) {
    const name = sectionOf(key)
    let section = sections.get(name)
    if (!section) sections.set(name, (section = { name, keys: [], all: 0 }))
    section.all++
    if (shown(key)) section.keys.push(key)
  }
  return [...sections.values()]
    .filter((section) => section.keys.length > 0)
    .toSorted((a, b) => rankOf(a) - rankOf(b))
}

/** A series' name, unless another of the section is called alike: then each goes by its key. */
export function titleOf({ key, name }: ChartKey, { keys }: Section): string | undefined {
  if (name === null || name === key) return undefined
  return keys.some((one) => one.key !== key && (one.name ?? one.key) === name) ? undefined : name
}

import { listOf, objectOf, textOf } from '../parse.ts'
import type { showRun } from '../show-run.ts'

/** One filter, group or sort of the SDK: a run's own field, a setting, or the last value of a series. */
export interface Choice {
  key: string
  type: 'STABLE' | 'CONFIG' | 'SCALAR'
  op: string
  value: string[]
  order: 'ASC' | 'DESC'
}

export interface Found {
  run: ReturnType<typeof showRun>
  scalars: ReadonlyMap<string, number | null>
}

const asText = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value as string | number | boolean)

export function choiceOf(raw: unknown): Choice | null {
  const item = objectOf(raw)
  const key = textOf(item['key'], 600)
  if (key === '' || item['active'] === false) return null
  const type = item['type'] === 'CONFIG' || item['type'] === 'SCALAR' ? item['type'] : 'STABLE'
  const op = textOf(item['op'], 20) || 'EQ'
  const order = item['order'] === 'DESC' ? 'DESC' : 'ASC'
  return { key, type, op, value: listOf(item['value']).map(asText), order }
}

/** A member of its own: `constructor` is no setting. */
function memberOf(value: unknown, name: string): unknown {
  const object = objectOf(value)
  return Object.hasOwn(object, name) ? object[name] : undefined
}

const within = (value: unknown, path: readonly string[]): unknown => path.reduce(memberOf, value)

/** A setting stands as `{value, desc, sort}`; nested ones are named `a.b`. */
function settingOf(config: unknown, key: string): unknown {
  const unwrap = (value: unknown) =>
    Object.hasOwn(objectOf(value), 'value') ? memberOf(value, 'value') : value
  const whole = memberOf(config, key)
  if (whole !== undefined) return unwrap(whole)
  const [first = '', ...rest] = key.split('.')
  return within(unwrap(memberOf(config, first)), rest)
}

/** What a run has there: of labels all their names, of everything else one value. */
function valuesOf({ run, scalars }: Found, { key, type }: Choice): string[] {
  if (type === 'SCALAR') return [asText(scalars.get(key))]
  if (type === 'CONFIG') return [asText(settingOf(run.profile.config, key))]
  if (key === 'labels') return run.labels.map(({ name }) => name)
  return [asText(within(run, key.split('.')))]
}

/** Numbers by size, dates by time, all else by its letters. */
export function compareValues(a: string, b: string): number {
  if (a !== '' && b !== '' && Number.isFinite(Number(a)) && Number.isFinite(Number(b))) {
    return Number(a) - Number(b)
  }
  const [at, bt] = [Date.parse(a), Date.parse(b)]
  if (/^\d{4}-/.test(a) && /^\d{4}-/.test(b) && Number.isFinite(at) && Number.isFinite(bt)) return at - bt
  return a < b ? -1 : a > b ? 1 : 0
}

const same = (a: string, b: string) => compareValues(a, b) === 0

export function matches(found: Found, choice: Choice): boolean {
  const values = valuesOf(found, choice)
  const [wanted = ''] = choice.value
  const [value = ''] = values
  const isIn = () => values.some((one) => choice.value.some((other) => same(one, other)))
  switch (choice.op) {
    case 'EQ':
      return values.some((one) => same(one, wanted)) || (values.length === 0 && wanted === '')
    case 'NEQ':
      return !values.some((one) => same(one, wanted))
    case 'GTE':
      return value !== '' && compareValues(value, wanted) >= 0
    case 'LTE':
      return value !== '' && compareValues(value, wanted) <= 0
    case 'IN':
      return isIn()
    case 'NOT IN':
      return !isIn()
    case 'CONTAIN':
      return values.some((one) => one.toLowerCase().includes(wanted.toLowerCase()))
    default:
      return true
  }
}

const joined = (found: Found, choice: Choice) => valuesOf(found, choice).toSorted().join(', ')

/** By the first, then the second, and so on; what is equal stays in the order it came in (newest first). */
export function sortRuns(runs: readonly Found[], sorts: readonly Choice[]): Found[] {
  return runs.toSorted((a, b) => {
    for (const sort of sorts) {
      const order = compareValues(joined(a, sort), joined(b, sort))
      if (order !== 0) return sort.order === 'DESC' ? -order : order
    }
    return 0
  })
}

export function groupRuns<T>(
  runs: readonly Found[],
  groups: readonly Choice[],
  show: (found: Found) => T,
): unknown {
  const [group, ...rest] = groups
  if (!group) return runs.map(show)
  const byValue = Map.groupBy(runs, (one) => joined(one, group))
  return Object.fromEntries([...byValue].map(([value, some]) => [value, groupRuns(some, rest, show)]))
}

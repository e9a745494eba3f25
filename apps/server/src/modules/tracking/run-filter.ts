import type { Setting } from './flat-settings.ts'

type Operator = '=' | '!=' | '>' | '<' | '>=' | '<='
interface Condition {
  key: string
  operator: Operator
  value: string
}

/** What a person typed over a list of runs. */
export interface RunFilter {
  /** Each is found in the name, the description or a tag. */
  words: string[]
  conditions: Condition[]
}

export interface Filtered {
  name: string
  description: string
  tags: readonly string[]
  settings: readonly Setting[]
}

const condition = /^([^=<>!]+?)\s*(!=|>=|<=|=|>|<)\s*(.+)$/

/** `lr = 2e-4, rank > 8, support`: parts by comma, each a condition on a setting or words of the name. */
export function parseRunFilter(text: string): RunFilter {
  const filter: RunFilter = { words: [], conditions: [] }
  for (const part of text.split(/[,，]/).map((one) => one.trim())) {
    if (part === '') continue
    const found = condition.exec(part)
    if (found) {
      const [, key = '', operator = '=', value = ''] = found
      filter.conditions.push({
        key: key.trim().toLowerCase(),
        operator: operator as Operator,
        value: value.trim(),
      })
    } else filter.words.push(part.toLowerCase())
  }
  return filter
}

function compare(actual: string | number, operator: Operator, wanted: string | number): boolean {
  if (operator === '=') return actual === wanted
  if (operator === '!=') return actual !== wanted
  if (operator === '>') return actual > wanted
  if (operator === '<') return actual < wanted
  return operator === '>=' ? actual >= wanted : actual <= wanted
}

function meets(settings: readonly Setting[], { key, operator, value }: Condition): boolean {
  const setting = settings.find((one) => one.key.toLowerCase() === key)
  if (!setting) return operator === '!='
  const wanted = Number(value)
  const actual = setting.value
  if (typeof actual === 'number' && Number.isFinite(wanted)) return compare(actual, operator, wanted)
  return compare(String(actual).toLowerCase(), operator, value.toLowerCase())
}

export function matchesFilter(filter: RunFilter, run: Filtered): boolean {
  const texts = [run.name, run.description, ...run.tags].map((text) => text.toLowerCase())
  return (
    filter.words.every((word) => texts.some((text) => text.includes(word))) &&
    filter.conditions.every((one) => meets(run.settings, one))
  )
}

/** One setting of a run's configuration; nested ones stand under `a.b`. */
export interface Setting {
  key: string
  value: string | number | boolean | null
}

const mostSettings = 300
const longest = 300

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The SDK wraps each setting of the first level as `{value, desc, sort}`. */
function unwrapped(value: unknown): unknown {
  return isRecord(value) && 'sort' in value && 'desc' in value ? (value['value'] ?? null) : value
}

function put(list: Setting[], key: string, value: unknown): void {
  if (list.length >= mostSettings) return
  if (isRecord(value) && Object.keys(value).length > 0) {
    for (const [name, inner] of Object.entries(value)) put(list, `${key}.${name}`, inner)
    return
  }
  const plain = typeof value === 'number' || typeof value === 'boolean' || value === null
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  list.push({ key: key.slice(0, longest), value: plain ? value : (text ?? '').slice(0, longest) })
}

/** A run's configuration as a list, in its order: what tables show, sort and filter by. */
export function flatSettings(config: unknown): Setting[] {
  const list: Setting[] = []
  if (!isRecord(config)) return list
  const order = (value: unknown): number =>
    isRecord(value) && typeof value['sort'] === 'number' ? value['sort'] : 0
  for (const [key, value] of Object.entries(config).toSorted(([, a], [, b]) => order(a) - order(b)))
    put(list, key, unwrapped(value))
  return list
}

/** The configuration as the script gave it, without the SDK's wrapping. */
export function plainConfig(config: unknown): Record<string, unknown> {
  if (!isRecord(config)) return {}
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, unwrapped(value)]))
}

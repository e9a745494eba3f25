export interface TreeRow {
  path: string
  key: string
  depth: number
  /** Null for a branch. */
  value: string | null
}

const mostRows = 5000

const isBranch = (value: unknown): value is Record<string, unknown> | unknown[] =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** Nested data as rows with their depth; with words, those that hold them with what they stand under. */
export function treeRows(data: unknown, search: string): TreeRow[] {
  const words = search.trim().toLowerCase()
  const rows: TreeRow[] = []
  const walk = (value: unknown, path: string, depth: number, kept: boolean): boolean => {
    let any = false
    if (!isBranch(value)) return any
    for (const [key, inner] of Object.entries(value)) {
      if (rows.length >= mostRows) return any
      const own = path ? `${path}.${key}` : key
      const branch = isBranch(inner)
      const text = branch ? null : textOf(inner)
      const found =
        kept || own.toLowerCase().includes(words) || (text?.toLowerCase().includes(words) ?? false)
      const place = rows.push({ path: own, key, depth, value: text }) - 1
      const within = branch && walk(inner, own, depth + 1, found)
      if (found || within) any = true
      else rows.length = place
    }
    return any
  }
  walk(data, '', 0, words === '')
  return rows
}

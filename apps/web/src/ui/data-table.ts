export interface Column {
  key: string
  label: string
  /** CSS width, as `120px` or `30%`. */
  width?: string
  align?: 'right'
  sortable?: boolean
  /** Where it goes on a phone's two-line row: first line, second line, at the end, or nowhere. By default the first column is the title, the others detail. */
  phone?: 'title' | 'detail' | 'end' | 'hidden'
}

export interface Sort {
  key: string
  down: boolean
}

/** The next order when a head is pressed: up, down, then as it came. */
export function nextSort(current: Sort | null | undefined, key: string): Sort | null {
  if (current?.key !== key) return { key, down: false }
  return current.down ? null : { key, down: true }
}

export function phonePlace(column: Column, index: number): 'title' | 'detail' | 'end' | 'hidden' {
  return column.phone ?? (index === 0 ? 'title' : 'detail')
}

/** The rows to draw for a scroll place, a few more at both ends. */
export function windowOf(
  scroll: number,
  height: number,
  rowHeight: number,
  count: number,
): [from: number, to: number] {
  const extra = 8
  const from = Math.max(0, Math.floor(scroll / rowHeight) - extra)
  return [Math.min(from, count), Math.min(count, Math.ceil((scroll + height) / rowHeight) + extra)]
}

/** Where a page of a list ended: the order column's number and the id, opaque to clients. */
export interface Cursor {
  at: number
  id: string
}

export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(`${cursor.at}.${cursor.id}`).toString('base64url')
}

/** Of a missing or unreadable cursor the beginning: everything lies below it. */
export function decodeCursor(text: string | undefined): Cursor {
  const [at, id] = Buffer.from(text ?? '', 'base64url')
    .toString('latin1')
    .split('.')
  const number = Number(at)
  if (!id || !Number.isSafeInteger(number)) return { at: Number.MAX_SAFE_INTEGER, id: 'z' }
  return { at: number, id }
}

/** Cuts a list that was read one longer than asked for, and says where the next page begins. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => Cursor,
  present: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(present),
    nextCursor: rows.length > limit && last ? encodeCursor(cursorOf(last)) : null,
  }
}

export interface ByteRange {
  /** Both included. */
  start: number
  end: number
}

/**
 * The one range of bytes that a `Range` header asks for. Null, which means the whole: where there is no header, one
 * that makes no sense, several ranges, or one beyond the end.
 */
export function byteRange(header: string | undefined, size: number): ByteRange | null {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? []
  if (from === undefined || to === undefined || (from === '' && to === '')) return null
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  return start <= end ? { start, end } : null
}

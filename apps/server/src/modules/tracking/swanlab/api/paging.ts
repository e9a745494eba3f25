/** The SDK's pages: `page` from 1, `size` of 10 to 100. */
export interface Paging {
  page: number
  size: number
  offset: number
}

function whole(text: string | null, least: number, most: number, otherwise: number): number {
  const number = Math.trunc(Number(text ?? otherwise))
  return Number.isFinite(number) ? Math.min(most, Math.max(least, number)) : otherwise
}

export function pagingOf(query: URLSearchParams): Paging {
  const page = whole(query.get('page'), 1, 1_000_000, 1)
  const size = whole(query.get('size'), 1, 100, 20)
  return { page, size, offset: (page - 1) * size }
}

export function paged<T>(list: readonly T[], total: number, { page, size }: Paging) {
  return { list, page, size, total, pages: Math.max(1, Math.ceil(total / size)) }
}

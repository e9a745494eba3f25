import type { ChangeRow } from './change-row.ts'

export type Sees = (row: ChangeRow) => boolean | Promise<boolean>

/** One reader of changes: gets those it may know of, in order, each once. */
export class Subscriber {
  private readonly sees: Sees
  private readonly onRows: (rows: ChangeRow[]) => void
  private readonly onError: (error: unknown) => void
  private waiting: Promise<void> | null = null
  /** Changes that came while older ones are still being read for it. */
  private held: ChangeRow[] | null = []
  last: number
  closed = false

  constructor(
    sees: Sees,
    onRows: (rows: ChangeRow[]) => void,
    onError: (error: unknown) => void,
    last: number,
  ) {
    this.sees = sees
    this.onRows = onRows
    this.onError = onError
    this.last = last
  }

  offer(rows: readonly ChangeRow[]): void {
    if (this.held) this.held.push(...rows)
    else this.give(rows)
  }

  /** From here on changes are handed on as they come. */
  go(): void {
    const held = this.held ?? []
    this.held = null
    this.give(held)
  }

  give(rows: readonly ChangeRow[]): void {
    const fresh = rows.filter((row) => row.number > this.last)
    const newest = fresh.at(-1)
    if (!newest || this.closed) return
    this.last = newest.number
    if (this.waiting) {
      this.after(fresh)
      return
    }
    const verdicts = fresh.map((row) => this.sees(row))
    if (verdicts.some((verdict) => typeof verdict !== 'boolean')) this.after(fresh, verdicts)
    else this.hand(fresh.filter((_, index) => verdicts[index]))
  }

  private after(rows: readonly ChangeRow[], verdicts?: (boolean | Promise<boolean>)[]): void {
    const next = (this.waiting ?? Promise.resolve())
      .then(async () => {
        const seen = await Promise.all(verdicts ?? rows.map((row) => this.sees(row)))
        this.hand(rows.filter((_, index) => seen[index]))
      })
      .catch(this.onError)
      .finally(() => {
        if (this.waiting === next) this.waiting = null
      })
    this.waiting = next
  }

  private hand(rows: ChangeRow[]): void {
    if (rows.length > 0 && !this.closed) this.onRows(rows)
  }
}

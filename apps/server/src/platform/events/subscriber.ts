import { setTimeout as wait } from 'node:timers/promises'
import type { ChangeRow } from './change-row.ts'

export type Sees = (row: ChangeRow) => boolean | Promise<boolean>

const mostTries = 5
const pauseMs = 200

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

  /** From here on changes are handed on as they come; `missed` before those that came meanwhile. */
  go(missed: readonly ChangeRow[]): void {
    const held = this.held ?? []
    this.held = null
    this.give([...missed, ...held])
  }

  private give(rows: readonly ChangeRow[]): void {
    const fresh = rows.filter((row) => row.number > this.last)
    const newest = fresh.at(-1)
    if (!newest || this.closed) return
    this.last = newest.number
    if (this.waiting) {
      this.after(fresh)
      return
    }
    try {
      const verdicts = fresh.map((row) => this.sees(row))
      if (verdicts.every((verdict) => typeof verdict === 'boolean'))
        this.hand(fresh.filter((_, index) => verdicts[index]))
      else this.after(fresh, Promise.all(verdicts))
    } catch (error) {
      this.after(fresh, Promise.reject(error as Error))
    }
  }

  private after(rows: readonly ChangeRow[], first?: Promise<boolean[]>): void {
    const verdicts = first ?? null
    /* Heard at once, since it is only asked for below. */
    verdicts?.catch(() => undefined)
    const next = (this.waiting ?? Promise.resolve())
      .then(async () => {
        const seen = await this.judged(rows, verdicts)
        this.hand(rows.filter((_, index) => seen[index]))
      })
      .catch(this.onError)
      .finally(() => {
        if (this.waiting === next) this.waiting = null
      })
    this.waiting = next
  }

  /** Asks again where it could not be found out (a database that was busy): a change must not be missed for that. */
  private async judged(rows: readonly ChangeRow[], first: Promise<boolean[]> | null): Promise<boolean[]> {
    for (let tries = 1; ; tries++) {
      try {
        return await (tries === 1 && first ? first : Promise.all(rows.map((row) => this.sees(row))))
      } catch (error) {
        if (tries >= mostTries || this.closed) throw error
      }
      await wait(pauseMs * tries)
    }
  }

  private hand(rows: ChangeRow[]): void {
    if (rows.length === 0 || this.closed) return
    try {
      this.onRows(rows)
    } catch (error) {
      this.onError(error)
    }
  }
}

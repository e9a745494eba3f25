import type { Arrived, PointColumns, SeriesPoints } from '../points-store.types.ts'

/** What arrived of a run after number `after`, up to `number`. */
interface Entry {
  after: number
  number: number
  points: readonly PointColumns[]
  lines: boolean
}

/** Points of all runs that are kept for those who watch; what is older is read again. */
const mostPoints = 200_000

const countOf = ({ points }: Entry) => points.reduce((sum, { step }) => sum + step.length, 1)

const gap = (value: number) => (Number.isFinite(value) ? value : null)

/** Columns of one key, from several batches: by step, the newest value of each. */
function joined(key: string, parts: readonly PointColumns[]): SeriesPoints {
  const step = parts.flatMap((part) => part.step)
  const value = parts.flatMap((part) => part.value)
  const time = parts.flatMap((part) => part.time)
  const last = new Map(step.map((one, at) => [one, at]))
  const places = [...last].toSorted(([a], [b]) => a - b).map(([, at]) => at)
  return {
    key,
    step: places.map((at) => step[at] ?? 0),
    value: places.map((at) => gap(value[at] ?? Number.NaN)),
    time: places.map((at) => time[at] ?? 0),
  }
}

/** What several batches hold together. */
export function arrivedOf(entries: readonly Entry[], number: number): Arrived {
  const byKey = Map.groupBy(
    entries.flatMap((entry) => entry.points),
    (part) => part.key,
  )
  const series = [...byKey].map(([key, parts]) => joined(key, parts))
  return { number, series, lines: entries.some((entry) => entry.lines) }
}

/** The newest batches in memory: whoever watches a run is served from here, and nothing is read for it. */
export class RecentBatches {
  private readonly byRun = new Map<string, Entry[]>()
  private points = 0

  add(runId: string, entry: Entry): void {
    const entries = this.byRun.get(runId) ?? []
    const newest = entries.at(-1)
    if (newest && entry.number <= newest.number) {
      /* Commits of several connections are told in any order. */
      if (entries.some((one) => one.number === entry.number)) return
      entries.push(entry)
      entries.sort((a, b) => a.number - b.number)
    } else {
      entries.push(entry)
    }
    /* The run heard of last stands last. */
    this.byRun.delete(runId)
    this.byRun.set(runId, entries)
    this.points += countOf(entry)
    this.trim()
  }

  /** The newest number that is known here. */
  newest(runId: string): number | null {
    return this.byRun.get(runId)?.at(-1)?.number ?? null
  }

  /** Null where not everything after that number is here. */
  after(runId: string, after: number): Arrived | null {
    const entries = this.byRun.get(runId) ?? []
    let number = after
    const met = entries.slice(entries.findLastIndex((entry) => entry.number <= after) + 1)
    let known = met.length > 0
    for (const entry of met) {
      known = entry.after <= number
      if (known) number = entry.number
    }
    if (!known) return null
    return arrivedOf(met, number)
  }

  forget(runId: string): void {
    for (const entry of this.byRun.get(runId) ?? []) this.points -= countOf(entry)
    this.byRun.delete(runId)
  }

  private trim(): void {
    for (const [runId, entries] of this.byRun) {
      if (this.points <= mostPoints) return
      while (this.points > mostPoints) {
        const oldest = entries.shift()
        if (!oldest) break
        this.points -= countOf(oldest)
      }
      if (entries.length === 0) this.byRun.delete(runId)
    }
  }
}

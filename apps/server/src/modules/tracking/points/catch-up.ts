import type { PointColumns, PointsStore, SeriesHead } from '../points-store.types.ts'

interface Seen {
  number: number
  heads: Map<string, SeriesHead>
}

interface Caught {
  after: number
  number: number
  points: PointColumns[]
}

const nothing: Seen = { number: 0, heads: new Map() }

/** Points told of at once; more is read as a whole. */
const mostTold = 5000
const mostRuns = 200

/**
 * What another server stored: from two looks at a run's series follows what is new between them. A value that was
 * replaced far behind is not met; the next whole reading has it.
 */
export class CatchUp {
  private readonly store: Pick<PointsStore, 'number' | 'latest' | 'tail'>
  private readonly seen = new Map<string, Seen>()

  constructor(store: Pick<PointsStore, 'number' | 'latest' | 'tail'>) {
    this.store = store
  }

  knows(runId: string): boolean {
    return this.seen.has(runId)
  }

  /** Null where the run was not looked at before, or too much is new. Who has seen nothing yet hears of all. */
  async look(runId: string, after: number): Promise<Caught | null> {
    const number = await this.store.number(runId)
    const heads = new Map((await this.store.latest(runId)).map((head) => [head.key, head]))
    const before = after === 0 ? nothing : this.seen.get(runId)
    if (this.seen.size > mostRuns) this.seen.clear()
    this.seen.set(runId, { number, heads })
    if (!before) return null
    const added = [...heads.values()].flatMap((head) => {
      const old = before.heads.get(head.key)
      const more = head.points - (old?.points ?? 0)
      return more > 0 ? [{ head, more, from: old?.lastStep ?? Number.NEGATIVE_INFINITY }] : []
    })
    if (added.reduce((sum, { more }) => sum + more, 0) > mostTold) return null
    const points: PointColumns[] = []
    for (const { head, more, from } of added) {
      const [series] = await this.store.tail(runId, [head.key], more)
      if (!series) return null
      /* Points below the last step came late: where they lie is not known. */
      if ((series.step[0] ?? 0) <= from) return null
      const { key, step, time } = series
      points.push({ key, step, time, value: series.value.map((value) => value ?? Number.NaN) })
    }
    return { after: before.number, number, points }
  }
}

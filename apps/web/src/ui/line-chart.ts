export interface ChartSeries {
  key: string
  name: string
  /** A CSS colour, as `var(--an-s1)`; by default by its place. */
  colour?: string
  /** In order; equal in length to `y`. */
  x: ArrayLike<number>
  /** A value that is not a finite number is a gap. */
  y: ArrayLike<number | null>
  /** Where each value stands for several: the least and the greatest of them, drawn as a band behind the line. */
  low?: ArrayLike<number | null>
  high?: ArrayLike<number | null>
  /** Points without a line, as evaluations; never smoothed. */
  points?: boolean
  /** By default from the seventh place on, where colours alone do not tell series apart. */
  dashed?: boolean
}

export interface ChartMark {
  x: number
  label: string
}

/** The colour of a series by its place; a run keeps its own everywhere. */
export function seriesColour(index: number): string {
  return `var(--an-s${(index % 8) + 1})`
}

/** From the seventh on colours alone do not tell series apart. */
export function isDashed(index: number): boolean {
  return index % 8 >= 6
}

/** An exponential moving average without the pull of its start; gaps leave it as it was. */
export function createSmoother(weight: number): (value: number) => number {
  let sum = 0
  let left = 1
  return (value) => {
    sum = sum * weight + value * (1 - weight)
    left *= weight
    return sum / (1 - left)
  }
}

type Cell = number | null | undefined

interface Track {
  series: ChartSeries
  x: number[]
  y: (number | null)[]
  /** Empty without a band. */
  low: (number | null)[]
  high: (number | null)[]
  smoother: (value: number) => number
  /** Columns in `columns`: what was measured, the smoothed one and the edges of the band, or -1. */
  raw: number
  smooth: number
  lowest: number
  highest: number
  gaps: number
}

export interface ChartDataOptions {
  smoothing: number
  log: boolean
}

/**
 * Series of their own x joined on one: what uPlot draws. In the columns null is a gap and undefined a place that
 * another series alone has. Points that come later are pushed; nothing is copied unless they come out of order.
 */
export class ChartData {
  readonly x: number[] = []
  columns: Cell[][] = []
  readonly tracks: Track[] = []
  readonly #options: ChartDataOptions

  constructor(series: readonly ChartSeries[], options: ChartDataOptions) {
    this.#options = options
    // Bands come before all lines: what is drawn later lies above.
    const edges = series.map(({ low, high }) =>
      low && high ? [this.columns.push([]) - 1, this.columns.push([]) - 1] : [],
    )
    for (const [index, one] of series.entries()) {
      const [highest = -1, lowest = -1] = edges[index] ?? []
      const raw = this.columns.push([]) - 1
      const smooth = options.smoothing > 0 && !one.points ? this.columns.push([]) - 1 : -1
      this.tracks.push({
        series: one,
        x: [],
        y: [],
        low: [],
        high: [],
        smoother: createSmoother(options.smoothing),
        raw,
        smooth,
        lowest,
        highest,
        gaps: 0,
      })
    }
    const byFirst = [...this.tracks].sort((a, b) => b.series.x.length - a.series.x.length)
    let rebuild = false
    for (const track of byFirst) {
      const { x, y, low, high } = track.series
      rebuild = this.#take(track, x, y, low, high) || rebuild
    }
    if (rebuild) this.#rebuild()
  }

  get data(): Cell[][] {
    return [this.x, ...this.columns]
  }

  append(key: string, x: ArrayLike<number>, y: ArrayLike<number | null>): void {
    const track = this.tracks.find((one) => one.series.key === key)
    if (track && this.#take(track, x, y)) this.#rebuild()
  }

  replace(key: string, x: ArrayLike<number>, y: ArrayLike<number | null>): void {
    const track = this.tracks.find((one) => one.series.key === key)
    if (!track) return
    track.x = Array.from(x)
    track.y = Array.from(y)
    track.low = []
    track.high = []
    this.#rebuild()
  }

  /** The least and the greatest of the values that a row stands for; null where it is one value. */
  rangeAt(track: Track, row: number): [low: number, high: number] | null {
    const [low, high] = [this.columns[track.lowest]?.[row], this.columns[track.highest]?.[row]]
    return typeof low === 'number' && typeof high === 'number' && low < high ? [low, high] : null
  }

  /** Index of an x, or where it would stand as -1 - place. */
  #find(x: number): number {
    let low = 0
    let high = this.x.length - 1
    if (high < 0 || x > (this.x[high] ?? 0)) return -1 - (high + 1)
    while (low <= high) {
      const middle = (low + high) >> 1
      const value = this.x[middle] ?? 0
      if (value === x) return middle
      if (value < x) low = middle + 1
      else high = middle - 1
    }
    return -1 - low
  }

  /** True when a point stands before others, so that all must be joined anew. */
  #take(
    track: Track,
    x: ArrayLike<number>,
    y: ArrayLike<number | null>,
    low: ArrayLike<number | null> = y,
    high: ArrayLike<number | null> = y,
  ): boolean {
    let rebuild = false
    for (let index = 0; index < x.length; index++) {
      const at = x[index] ?? NaN
      const value = y[index] ?? null
      const last = track.x.at(-1)
      if (last !== undefined && at <= last) rebuild = true
      track.x.push(at)
      track.y.push(value)
      track.low.push(low[index] ?? null)
      track.high.push(high[index] ?? null)
      if (!rebuild) rebuild = !this.#place(track, track.x.length - 1)
    }
    return rebuild
  }

  #place(track: Track, index: number): boolean {
    const at = track.x[index] ?? NaN
    let row = this.#find(at)
    if (row < 0) {
      row = -1 - row
      if (row < this.x.length) return false
      this.x.push(at)
      for (const column of this.columns) column.push(undefined)
    }
    const drawn = this.#drawable(track.y[index])
    if (drawn === null) track.gaps++
    const raw = this.columns[track.raw]
    if (raw) raw[row] = drawn
    const smooth = this.columns[track.smooth]
    if (smooth) smooth[row] = drawn === null ? null : track.smoother(drawn)
    const [lowest, highest] = [this.columns[track.lowest], this.columns[track.highest]]
    if (lowest) lowest[row] = this.#drawable(track.low[index] ?? drawn)
    if (highest) highest[row] = this.#drawable(track.high[index] ?? drawn)
    return true
  }

  #drawable(value: number | null | undefined): number | null {
    if (value === null || value === undefined || !Number.isFinite(value)) return null
    return this.#options.log && value <= 0 ? null : value
  }

  /** A point given twice counts as last given. */
  #rebuild(): void {
    this.x.length = 0
    for (const column of this.columns) column.length = 0
    const all = new Set<number>()
    for (const track of this.tracks) {
      const points = new Map<number, number>()
      track.x.forEach((at, index) => points.set(at, index))
      const order = [...points.keys()].sort((a, b) => a - b)
      const inOrder = (values: readonly (number | null)[]) =>
        order.map((at) => values[points.get(at) ?? -1] ?? null)
      const { y, low, high } = track
      track.x = order
      track.y = inOrder(y)
      track.low = inOrder(low)
      track.high = inOrder(high)
      track.smoother = createSmoother(this.#options.smoothing)
      track.gaps = 0
      for (const at of order) all.add(at)
    }
    for (const at of [...all].sort((a, b) => a - b)) this.x.push(at)
    for (const column of this.columns) for (let row = 0; row < this.x.length; row++) column.push(undefined)
    for (const track of this.tracks) track.x.forEach((_, index) => this.#place(track, index))
  }
}

/** The row at `at` or the nearest one with a value of the column, no further away than `reach` in x; -1 for none. */
export function nearestRow(x: readonly number[], column: ArrayLike<Cell>, at: number, reach: number): number {
  const here = x[at]
  if (here === undefined || column[at] !== undefined) return here === undefined ? -1 : at
  for (let low = at - 1, high = at + 1; ; low--, high++) {
    const left = here - (x[low] ?? -Infinity)
    const right = (x[high] ?? Infinity) - here
    if (!(left <= reach) && !(right <= reach)) return -1
    if (left <= reach && column[low] !== undefined && (left <= right || column[high] === undefined))
      return low
    if (right <= reach && column[high] !== undefined) return high
  }
}

/** Rows whose value has no neighbour to be joined with: no line shows them. Undefined places are passed over. */
export function isolatedRows(column: ArrayLike<Cell>): number[] {
  const rows: number[] = []
  let last = -1
  let joined = false
  for (let row = 0; row < column.length; row++) {
    const value = column[row]
    if (value === undefined) continue
    if (value !== null && last >= 0) joined = true
    else if (value !== null) [last, joined] = [row, false]
    if (value !== null && joined) last = row
    if (value !== null) continue
    if (last >= 0 && !joined) rows.push(last)
    last = -1
  }
  if (last >= 0 && !joined) rows.push(last)
  return rows
}

/** Stretches of x in which a series has no number: the last place before or within it, and its end. */
export function gapsOf(x: ArrayLike<number>, y: ArrayLike<number | null>): [from: number, to: number][] {
  const gaps: [number, number][] = []
  for (let at = 0; at < x.length; at++) {
    const value = y[at]
    if (value !== null && value !== undefined && Number.isFinite(value)) continue
    const before = y[at - 1]
    const goesOn = at > 0 && (before === null || before === undefined || !Number.isFinite(before))
    const last = gaps.at(-1)
    if (goesOn && last) last[1] = x[at] ?? last[1]
    else gaps.push([x[at] ?? 0, x[at] ?? 0])
  }
  return gaps
}

/** Where a tip of some width stands beside a place: right of it, else left of it, else as far right as there is room. */
export function tipLeft(place: number, tip: number, frame: number): number {
  const apart = 10
  if (place + apart + tip <= frame) return place + apart
  return place - apart - tip >= 0 ? place - apart - tip : Math.max(0, frame - tip)
}

/** Up to `most` rows over the whole length, the last among them. */
export function sampleRows(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, index) => index)
  return Array.from({ length: most }, (_, index) => Math.round((index * (count - 1)) / (most - 1)))
}

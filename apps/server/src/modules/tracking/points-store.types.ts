/** Points of one series; `value` holds NaN and the infinities as they are. Columns of equal length, in any order. */
export interface PointColumns {
  key: string
  step: number[]
  value: number[]
  /** Unix milliseconds. */
  time: number[]
}

/** A line of a run's log. Several processes may count the same number: number and time together name it. */
export interface Line {
  epoch: number
  /** Unix milliseconds. */
  time: number
  level: string
  message: string
}

/** What is stored together: all of it is there once `append` has resolved, and none of it twice. */
export interface Batch {
  points?: readonly PointColumns[]
  /** Series by key, with the type that they are declared with; a point of an unknown series makes a FLOAT. */
  types?: ReadonlyMap<string, string>
  lines?: readonly Line[]
}

/** One series with its newest point. `lastValue` null: no point yet, or one that is no finite number. */
export interface SeriesHead {
  key: string
  type: string
  points: number
  lastStep: number | null
  lastValue: number | null
  lastTime: number | null
}

/** Equal lengths, by step; `value` null is a gap (not a number, or infinite). */
export interface SeriesPoints {
  key: string
  step: number[]
  value: (number | null)[]
  time: number[]
}

export interface ChartQuery {
  /** Bounds of what is drawn, both included, in the unit of `x`; without one, all that there is. */
  from?: number | undefined
  to?: number | undefined
  /** Buckets at most. */
  width: number
  x: 'step' | 'time'
}

/** A curve made fit for drawing: each bucket with its first point's step and time. Null is a gap. */
export interface ChartSeries {
  key: string
  step: number[]
  time: number[]
  min: (number | null)[]
  max: (number | null)[]
  mean: (number | null)[]
  /** Points of the bucket, those that are no finite number too. */
  count: number[]
  /** Points in the range that are no finite number. */
  notFinite: number
  /** Each bucket is one stored point. */
  raw: boolean
}

/** `after` and `before` are cursors of an earlier reply; without either, the newest lines. */
export interface LinesQuery {
  after?: string | undefined
  before?: string | undefined
  limit: number
  /** Only lines that hold this text, whatever the case. */
  search?: string | undefined
}

/** Oldest first. `older` goes into `before` (null: there is none), `newer` into `after`. */
export interface LinesPage {
  items: Line[]
  /** Of the whole log, whatever was asked for. */
  total: number
  older: string | null
  newer: string | null
}

/** What arrived after a number; null where that is no longer known one by one, and the whole is to be read again. */
export interface Arrived {
  number: number
  series: SeriesPoints[]
  /** Lines of the log arrived too. */
  lines: boolean
}

/**
 * Where the points and log lines of tracked runs lie. A step that comes again replaces its value; what comes twice
 * changes nothing.
 */
export interface PointsStore {
  /** Resolves once the batch is committed, with its number, counted per run. */
  append(runId: string, batch: Batch): Promise<number>
  /** Series that are there before they have points. The first type stays. */
  declare(runId: string, types: ReadonlyMap<string, string>): Promise<void>
  latest(runId: string): Promise<SeriesHead[]>
  /** For each of the runs the last values of the keys, in their order; null: none, or no finite number. */
  lastValues(runIds: readonly string[], keys: readonly string[]): Promise<(number | null)[][]>
  /** The last `limit` points of each of these series. */
  tail(runId: string, keys: readonly string[], limit: number): Promise<SeriesPoints[]>
  /** Points by step from `from` on, `limit` at most: for export, page by page. */
  range(runId: string, key: string, from: number, limit: number): Promise<SeriesPoints>
  chart(
    runId: string,
    keys: readonly string[],
    query: ChartQuery,
  ): Promise<{ number: number; series: ChartSeries[] }>
  /** The same as JSON, written by the thread that read it. */
  chartJson(runId: string, keys: readonly string[], query: ChartQuery): Promise<Uint8Array>
  lines(runId: string, query: LinesQuery): Promise<LinesPage>
  number(runId: string): Promise<number>
  arrivedAfter(runId: string, after: number): Promise<Arrived | null>
  /** Frees what a run holds. */
  deleteRun(runId: string): Promise<void>
}

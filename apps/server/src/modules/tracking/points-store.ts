import { type Platform, perPlatform } from '../../platform/context.ts'
import { CatchUp } from './points/catch-up.ts'
import { openPointsFile, pointsUrl } from './points/points-file.ts'
import { RecentBatches, arrivedOf } from './points/recent.ts'
import type { PackedBatch, ReadMethods, WriteMethods } from './points/store-methods.ts'
import { StoreThread } from './points/thread.ts'
import type {
  Arrived,
  Batch,
  ChartQuery,
  ChartSeries,
  LinesPage,
  LinesQuery,
  PointsStore,
  SeriesHead,
  SeriesPoints,
} from './points-store.types.ts'

export type * from './points-store.types.ts'

/** All columns in one piece of memory, which changes hands without being copied. */
function pack(runId: string, { points = [], types, lines = [] }: Batch): PackedBatch {
  const counts = points.map(({ step }) => step.length)
  const numbers = new Float64Array(counts.reduce((sum, count) => sum + count * 3, 0))
  let at = 0
  for (const { step, value, time } of points) {
    for (const column of [step, value, time]) {
      numbers.set(column, at)
      at += column.length
    }
  }
  const keys = points.map(({ key }) => key)
  return { runId, keys, counts, numbers, types: [...(types ?? [])], lines }
}

/** One thread writes and another reads, so that nothing here waits for the disk or decodes a curve. */
class ThreadStore implements PointsStore {
  private readonly writer: StoreThread<WriteMethods>
  private readonly reader: StoreThread<ReadMethods>
  private readonly recent = new RecentBatches()
  private readonly catchUp = new CatchUp(this)
  /** Readings for those who watch, so that a test can count them. */
  readings = 0

  private readonly databaseUrl: string
  /** No other server stores points here. */
  private readonly alone: boolean
  private opened: Promise<void> | null = null

  constructor({ config, log }: Platform) {
    const url = pointsUrl(config.databaseUrl)
    this.databaseUrl = config.databaseUrl
    this.alone = config.databaseUrl.startsWith('sqlite:')
    this.writer = new StoreThread({ role: 'write', url }, log)
    this.reader = new StoreThread({ role: 'read', url }, log)
  }

  /** Makes the file, where the points have one. @throws StartError in words where it cannot be opened. */
  open(): Promise<void> {
    return (this.opened ??= openPointsFile(this.databaseUrl))
  }

  async append(runId: string, batch: Batch): Promise<number> {
    const packed = pack(runId, batch)
    const { buffer } = packed.numbers
    await this.open()
    const number = await this.writer.ask('append', [packed], [buffer as ArrayBuffer])
    const { points = [], lines = [] } = batch
    if (number !== this.recent.newest(runId)) {
      this.recent.add(runId, { after: number - 1, number, points, lines: lines.length > 0 })
    }
    return number
  }

  async declare(runId: string, types: ReadonlyMap<string, string>): Promise<void> {
    await this.append(runId, { types })
  }

  latest(runId: string): Promise<SeriesHead[]> {
    return this.read('latest', [runId])
  }

  lastValues(runIds: readonly string[], keys: readonly string[]): Promise<(number | null)[][]> {
    return this.read('lastValues', [runIds, keys])
  }

  tail(runId: string, keys: readonly string[], limit: number): Promise<SeriesPoints[]> {
    return this.read('tail', [runId, keys, limit])
  }

  range(runId: string, key: string, from: number, limit: number): Promise<SeriesPoints> {
    return this.read('range', [runId, key, from, limit])
  }

  chart(
    runId: string,
    keys: readonly string[],
    query: ChartQuery,
  ): Promise<{ number: number; series: ChartSeries[] }> {
    return this.read('chart', [runId, keys, query])
  }

  chartJson(runId: string, keys: readonly string[], query: ChartQuery): Promise<Uint8Array> {
    return this.read('chartJson', [runId, keys, query])
  }

  lines(runId: string, query: LinesQuery): Promise<LinesPage> {
    return this.read('lines', [runId, query])
  }

  number(runId: string): Promise<number> {
    return this.read('number', [runId])
  }

  async arrivedAfter(runId: string, after: number): Promise<Arrived | null> {
    const known = this.recent.after(runId, after)
    if (known) return known
    if (this.recent.newest(runId) === after) return { number: after, series: [], lines: false }
    this.readings += 1
    const number = await this.number(runId)
    if (number === after) {
      /* From here on another server's points are told from these. */
      if (!this.alone && !this.catchUp.knows(runId)) await this.catchUp.look(runId, after)
      return { number, series: [], lines: false }
    }
    const caught = await this.catchUp.look(runId, after)
    if (!caught || caught.after > after) return null
    const entry = { ...caught, lines: true }
    this.recent.add(runId, entry)
    return arrivedOf([entry], caught.number)
  }

  async deleteRun(runId: string): Promise<void> {
    this.recent.forget(runId)
    await this.open()
    await this.writer.ask('free', [runId])
  }

  private async read<K extends keyof ReadMethods>(
    method: K,
    args: Parameters<ReadMethods[K]>,
  ): Promise<Awaited<ReturnType<ReadMethods[K]>>> {
    await this.open()
    return this.reader.ask(method, args)
  }

  /** What was asked is answered first. */
  async close(): Promise<void> {
    await this.writer.close()
    await this.reader.close()
  }
}

export const pointsStore = perPlatform((platform) => new ThreadStore(platform))

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startServer } from '../support/server.ts'
import { fillPoints, fillRows } from './charts/fill.ts'
import { openRuns } from './ingest/runs.ts'
import { type Bench, type BenchRow, onCore, percentile, pinToCore } from './support.ts'

const points = 1_000_000
const width = 1000
const times = 12
const keys = Array.from({ length: 10 }, (_, at) => `train/metric-${at}`)

/** Shares of the steps that are looked at; the fourth is the dearest: all its points are decoded. */
const zooms = [1, 0.5, 0.06, 0.03, 0.01, 0.001]

interface Figures {
  ms: number[]
  bytes: number
  buckets: number
}

async function measure(
  read: (from: number, to: number) => Promise<{ bytes: number; buckets: number }>,
  zoom: number,
): Promise<Figures> {
  const figures: Figures = { ms: [], bytes: 0, buckets: 0 }
  for (let round = 0; round < times + 2; round++) {
    const from = Math.floor(points * (1 - zoom) * 0.37) + round
    const began = performance.now()
    const { bytes, buckets } = await read(from, from + Math.floor(points * zoom) - 1)
    /* The first two warm it up. */
    if (round >= 2) figures.ms.push(performance.now() - began)
    Object.assign(figures, { bytes, buckets })
  }
  return figures
}

const rowOf = (name: string, { ms, bytes, buckets }: Figures): BenchRow => ({
  name,
  figures: { 'p50 ms': percentile(ms, 0.5), 'max ms': percentile(ms, 1), 'reply KB': bytes / 1000, buckets },
})

/** Curves of ten series of a million points at any zoom, as the page asks for them, beside rows in a table. */
export const bench: Bench = async () => {
  pinToCore(1)
  const rows: BenchRow[] = []
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-bench-'))
  const server = await startServer({ database: 'sqlite', wrapper: onCore(0), timeoutMs: 60_000 })
  try {
    const table = fillRows(path.join(folder, 'rows.db'), points)
    const query = table.prepare(
      'select min(step), min(time), min(value), max(value), avg(value), count(*) from point where series = 1 and step between @from and @to group by cast((step - @from) * 1000 / (@to - @from + 1) as integer)',
    )
    for (const zoom of zooms) {
      const read = async (from: number, to: number) => ({ bytes: 0, buckets: query.all({ from, to }).length })
      rows.push(rowOf(`rows, 1 series, ${zoom * 100}%`, await measure(read, zoom)))
    }
    table.close()
    const { runIds } = await openRuns(server, 1)
    const admin = await server.adminClient()
    const { items: projects } = await admin.call('tracking.projects', { query: {} })
    const { items } = await admin.call('tracking.runs', { params: { id: projects[0]?.id ?? '' }, query: {} })
    const id = items.find((run) => run.name === runIds[0])?.id ?? ''
    await server.stop()
    await fillPoints(path.join(server.dataFolder, 'points.db'), id, keys, points)
    await server.restart()
    const client = await server.adminClient()
    for (const x of ['step', 'time'] as const) {
      for (const zoom of zooms) {
        const unit = x === 'step' ? (step: number) => step : (step: number) => 1_790_000_000_000 + step * 250
        const read = async (from: number, to: number) => {
          const reply = await client.send('tracking.chart', {
            params: { id },
            query: { keys: JSON.stringify(keys), from: unit(from), to: unit(to), width, x },
          })
          const text = await reply.text()
          const { series } = JSON.parse(text) as { series: { step: number[] }[] }
          if (series.length !== keys.length) throw new Error(text.slice(0, 500))
          return { bytes: text.length, buckets: series[0]?.step.length ?? 0 }
        }
        rows.push(rowOf(`10 series by ${x}, ${zoom * 100}%`, await measure(read, zoom)))
      }
    }
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
  const notes = [
    `10 series of ${points} points, ${width} buckets, over HTTP to one server on one core, read and parsed on the other; the shares are of all steps, warm.`,
  ]
  return { rows, notes }
}

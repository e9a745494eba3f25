import type { PointsStore } from '../../points-store.ts'
import { pagesOf } from './curve.ts'

export interface ExportColumn {
  /** Empty for a run that may not be read: its column stays empty. */
  runId: string
  name: string
  key: string
}

interface Point {
  step: number
  value: number | null
  time: number
}

async function* pointsOf(
  store: Pick<PointsStore, 'range'>,
  { runId, key }: ExportColumn,
): AsyncGenerator<Point> {
  if (runId === '') return
  for await (const page of pagesOf(store, runId, key)) {
    for (const [at, step] of page.step.entries()) {
      yield { step, value: page.value[at] ?? null, time: page.time[at] ?? 0 }
    }
  }
}

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

const rowsPerPiece = 1000

/**
 * Series side by side, a row a step: `step`, then of each its value (under a name that ends with `_step`, as the SDK
 * reads it) and its time in milliseconds. What has no value there is left empty, and so is what is no number.
 */
export async function* csvOf(
  store: Pick<PointsStore, 'range'>,
  columns: readonly ExportColumn[],
): AsyncGenerator<string> {
  const heads = columns.flatMap(({ name, key }) => [`${name}-${key}_step`, `${name}-${key}_timestamp`])
  yield `${['step', ...heads].map(quoted).join(',')}\n`
  const sources = columns.map((column) => pointsOf(store, column))
  const next = await Promise.all(
    sources.map(async (source) => (await source.next()).value as Point | undefined),
  )
  let piece: string[] = []
  for (;;) {
    const steps = next.flatMap((point) => (point ? [point.step] : []))
    if (steps.length === 0) break
    const step = Math.min(...steps)
    const cells: (string | number)[] = [step]
    for (const [at, point] of next.entries()) {
      if (point?.step !== step) {
        cells.push('', '')
        continue
      }
      cells.push(point.value ?? '', point.time)
      next[at] = (await sources[at]?.next())?.value as Point | undefined
    }
    piece.push(`${cells.join(',')}\n`)
    if (piece.length < rowsPerPiece) continue
    yield piece.join('')
    piece = []
  }
  yield piece.join('')
}

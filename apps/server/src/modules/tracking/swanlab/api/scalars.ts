import type { Context } from '../../../../platform/context.ts'
import { pointsStore } from '../../points-store.ts'
import type { TrackedRunRow } from '../../tracking.repo.ts'
import { listOf, objectOf, textOf } from '../parse.ts'
import { type ColumnReference, columnsOf, experimentsOf, runsOf } from './access.ts'
import { type Curve, finiteCurve, standingOut, statisticsOf } from './curve.ts'

const mostPoints = 1500

interface Column extends ColumnReference {
  run: TrackedRunRow
}

/** The columns whose runs the asker may read; the others are answered with nothing. */
async function readableColumns(ctx: Context, body: unknown): Promise<Column[]> {
  const columns = columnsOf(body)
  const runs = await runsOf(ctx, columns)
  return columns.flatMap((column) => {
    const run = runs.get(column.experimentId)
    return run ? [{ ...column, run }] : []
  })
}

/** What stands on x: a step, a time in Unix milliseconds, or milliseconds since the run began. */
function placesOf(curve: Curve, xType: string, run: TrackedRunRow): number[] {
  if (xType === 'time' || xType === 'timestamp') return curve.time
  if (xType !== 'relative_time') return curve.step
  const began = Number(run.started_at ?? run.created_at)
  return curve.time.map((time) => time - began)
}

/** Another series on x: the points that share a step. */
function against(curve: Curve, x: Curve): { curve: Curve; places: number[] } {
  const byStep = new Map(x.step.map((step, at) => [step, x.value[at] ?? 0]))
  const kept: Curve = { step: [], value: [], time: [] }
  const places: number[] = []
  curve.step.forEach((step, at) => {
    const place = byStep.get(step)
    if (place === undefined) return
    kept.step.push(step)
    kept.value.push(curve.value[at] ?? 0)
    kept.time.push(curve.time[at] ?? 0)
    places.push(place)
  })
  return { curve: kept, places }
}

/** Curves of at most so many points as are asked for. */
export async function readScalars(ctx: Context, body: unknown) {
  const given = objectOf(body)
  const store = pointsStore(ctx.platform)
  const xKey = textOf(given['xKey'], 512)
  const xType = textOf(given['xType'], 20)
  const num = Math.min(mostPoints, Math.max(3, Math.trunc(Number(given['num'])) || mostPoints))
  const answers: unknown[] = []
  for (const { run, key } of await readableColumns(ctx, body)) {
    const whole = await finiteCurve(store, run.id, key)
    const { curve, places } =
      xKey === ''
        ? { curve: whole, places: placesOf(whole, xType, run) }
        : against(whole, await finiteCurve(store, run.id, xKey))
    const metrics = standingOut(places, curve.value, num).map((at) => ({
      index: places[at],
      data: curve.value[at],
      timestamp: curve.time[at],
    }))
    answers.push({ key, experimentId: run.cuid, projectId: run.project_id, metrics })
  }
  return answers
}

/** Least, greatest, mean, middle and newest value of each column. */
export async function readValues(ctx: Context, body: unknown) {
  const xType = textOf(objectOf(body)['xType'], 20)
  const answers: unknown[] = []
  for (const { run, key } of await readableColumns(ctx, body)) {
    const curve = await finiteCurve(pointsStore(ctx.platform), run.id, key)
    const statistics = statisticsOf(curve)
    if (!statistics) continue
    const places = placesOf(curve, xType, run)
    const at = (place: number) => ({ index: places[place], data: curve.value[place] })
    answers.push({
      key,
      experimentId: run.cuid,
      min: at(statistics.min),
      max: at(statistics.max),
      latest: at(statistics.latest),
      avg: { data: statistics.avg },
      median: { data: statistics.median },
    })
  }
  return answers
}

async function summaryOf(ctx: Context, run: TrackedRunRow, key: string) {
  const curve = await finiteCurve(pointsStore(ctx.platform), run.id, key)
  const statistics = statisticsOf(curve)
  if (!statistics) return null
  const at = (place: number) => ({ index: curve.step[place], data: curve.value[place] })
  const [min, max] = [at(statistics.min), at(statistics.max)]
  const { avg, median, stdDev, latest } = statistics
  return {
    step: curve.step[latest],
    value: curve.value[latest],
    minMax: [min.data, max.data],
    min,
    max,
    avg,
    median,
    stdDev,
  }
}

/** Summaries of all series of some runs, or of those asked for. */
export async function readSummaries(ctx: Context, body: unknown) {
  const wanted = objectOf(body)['keys']
  const keys = Array.isArray(wanted) ? new Set(listOf(wanted).map((key) => textOf(key, 512))) : null
  const answer = new Map<string, Map<string, unknown>>()
  for (const [cuid, run] of await runsOf(ctx, experimentsOf(body))) {
    const heads = await pointsStore(ctx.platform).latest(run.id)
    const summaries = new Map<string, unknown>()
    for (const { key } of heads) {
      if (keys && !keys.has(key)) continue
      const summary = await summaryOf(ctx, run, key)
      if (summary) summaries.set(key, summary)
    }
    answer.set(cuid, summaries)
  }
  return Object.fromEntries([...answer].map(([cuid, summaries]) => [cuid, Object.fromEntries(summaries)]))
}

import type uPlot from 'uplot'
import { isDashed, isolatedRows, nearestRow, seriesColour } from './line-chart.ts'
import type { ChartData, ChartMark } from './line-chart.ts'

export interface ChartLook {
  width: number
  height: number
  log: boolean
  xRange: [number, number] | undefined
  syncKey: string | undefined
  marks: readonly ChartMark[]
  formatX: (value: number) => string
  formatY: (value: number) => string
  onCursor: (plot: uPlot) => void
  onZoom: (zoomed: boolean) => void
  /** The range shown is decided outside: what was dragged over is said, and nothing is scaled here. */
  window?: [number, number] | null | undefined
  onRange?: ((from: number, to: number) => void) | undefined
  /** Values of neighbours count as of the place pointed at, so far away in pixels. */
  near?: number | undefined
}

/** A CSS variable's colour now: a canvas knows no variables. */
export function resolveColour(colour: string): string {
  const name = /^var\((--[\w-]+)\)$/.exec(colour)?.[1]
  return name ? getComputedStyle(document.documentElement).getPropertyValue(name).trim() : colour
}

function withAlpha(colour: string, share: number): string {
  return `${colour}${Math.round(share * 255)
    .toString(16)
    .padStart(2, '0')}`
}

/** A value between gaps, or the only one, is drawn as a point. */
function alone(colour: string): uPlot.Series.Points {
  const filter = (plot: uPlot, series: number): number[] => isolatedRows(plot.data[series] ?? [])
  return { show: true, size: 5, fill: colour, stroke: colour, filter }
}

function seriesOf(data: ChartData): uPlot.Series[] {
  const list: uPlot.Series[] = [{}]
  for (const [index, { series, lowest, highest }] of data.tracks.entries()) {
    if (lowest < 0) continue
    // A lone spike is narrower than its band shows: the edges have a line.
    const stroke = withAlpha(resolveColour(series.colour ?? seriesColour(index)), 0.2)
    for (const _ of [highest, lowest]) list.push({ stroke, width: 1, points: { show: false } })
  }
  data.tracks.forEach((track, index) => {
    const colour = resolveColour(track.series.colour ?? seriesColour(index))
    const dash = (track.series.dashed ?? isDashed(index)) ? { dash: [6, 4] } : {}
    if (track.series.points) {
      const points = { show: true, size: 6, fill: colour, stroke: colour }
      list.push({ label: track.series.name, stroke: colour, paths: () => null, points })
      return
    }
    const smoothed = track.smooth >= 0
    list.push({
      label: track.series.name,
      stroke: smoothed ? withAlpha(colour, 0.2) : colour,
      width: smoothed ? 1 : 1.7,
      points: smoothed ? { show: false } : alone(colour),
      ...dash,
    })
    if (smoothed)
      list.push({ label: track.series.name, stroke: colour, width: 1.7, points: alone(colour), ...dash })
  })
  return list
}

/** From the least to the greatest of what each place stands for. */
function bandsOf(data: ChartData): uPlot.Band[] {
  return data.tracks.flatMap(({ series, highest, lowest }, index) => {
    if (lowest < 0) return []
    const fill = withAlpha(resolveColour(series.colour ?? seriesColour(index)), 0.2)
    return [{ series: [highest + 1, lowest + 1], fill }]
  })
}

function drawMarks(plot: uPlot, marks: readonly ChartMark[], font: string): void {
  const { ctx, bbox } = plot
  const ink = resolveColour('var(--an-ink-3)')
  ctx.save()
  ctx.strokeStyle = ink
  ctx.fillStyle = ink
  ctx.font = font
  ctx.textAlign = 'left'
  ctx.textBaseline = 'top'
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio])
  ctx.lineWidth = devicePixelRatio
  for (const mark of marks) {
    const x = Math.round(plot.valToPos(mark.x, 'x', true))
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    ctx.fillText(mark.label, x + 4 * devicePixelRatio, bbox.top)
  }
  ctx.restore()
}

function cursorOf(data: ChartData, look: ChartLook, surface: string, ink: string): uPlot.Cursor {
  const colours = data.tracks.reduce<string[]>((list, track, index) => {
    const colour = resolveColour(track.series.colour ?? seriesColour(index))
    list[(track.smooth >= 0 ? track.smooth : track.raw) + 1] = colour
    return list
  }, [])
  return {
    y: false,
    // Only a series that has a point at this very place is ringed, as the tooltip names it.
    dataIdx: (plot: uPlot, series: number, index: number) => {
      const column = plot.data[series] ?? []
      const row = series === 0 ? index : nearestRow(data.x, column, index, reachOf(plot, look))
      return ((column[row] ?? null) === null ? null : row) as number
    },
    points: {
      // A raw curve under its smoothed one has no ring of its own.
      size: (_: uPlot, index: number) => (colours[index] ? 8 : 0),
      width: (_: uPlot, index: number) => (colours[index] ? 2 : 0),
      fill: () => surface,
      stroke: (_: uPlot, index: number) => colours[index] ?? ink,
    },
    ...(look.syncKey ? { sync: syncOf(look.syncKey, look.onRange !== undefined) } : {}),
    drag: { x: true, y: false, setScale: look.onRange === undefined },
  }
}

/** What `near` pixels are on the x axis of a chart. */
export function reachOf(plot: uPlot, look: Pick<ChartLook, 'near'>): number {
  if (!look.near || plot.over.clientWidth === 0) return 0
  const { min, max } = plot.scales['x'] ?? {}
  return (((max ?? 0) - (min ?? 0)) / plot.over.clientWidth) * look.near
}

/** Charts that zoom together are told of the cursor alone: each would take the drag for its own. */
function syncOf(key: string, cursorAlone: boolean): uPlot.Cursor.Sync {
  const isCursor = (type: string): boolean => type === 'mousemove' || type === 'mouseleave'
  return { key, ...(cursorAlone ? { filters: { pub: isCursor, sub: isCursor } } : {}) }
}

function onSelect(plot: uPlot, look: ChartLook): void {
  const { left, width } = plot.select
  if (width <= 0) return
  if (!look.onRange) return look.onZoom(true)
  look.onRange(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'))
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
}

/** uPlot's options in our look: horizontal grid alone, no legend, one dashed cursor over all charts of a key. */
export function chartOptions(data: ChartData, look: ChartLook): uPlot.Options {
  const family = getComputedStyle(document.documentElement).getPropertyValue('--an-font').trim()
  const font = `11px ${family}`
  const ink = resolveColour('var(--an-ink-3)')
  const line = resolveColour('var(--an-line)')
  const surface = resolveColour('var(--an-surface)')
  const axis = { stroke: ink, font, ticks: { show: false } }
  return {
    width: look.width,
    height: look.height,
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: cursorOf(data, look, surface, ink),
    scales: {
      x: {
        time: false,
        ...(look.xRange || look.window
          ? { range: (_: uPlot, low: number, high: number) => rangeX(look, data, low, high) }
          : {}),
      },
      y: look.log ? { distr: 3, log: 10 } : {},
    },
    axes: [
      {
        ...axis,
        size: 24,
        gap: 4,
        space: 60,
        grid: { show: false },
        values: (_, values) => values.map(look.formatX),
        border: { show: true, stroke: line, width: 1 },
      },
      {
        ...axis,
        size: 46,
        gap: 6,
        space: 32,
        grid: { stroke: line, width: 1 },
        values: (_, values) => values.map((value) => (value === null ? '' : look.formatY(value))),
      },
    ],
    series: seriesOf(data),
    bands: bandsOf(data),
    hooks: {
      draw: [(plot) => drawMarks(plot, look.marks, `${11 * devicePixelRatio}px ${family}`)],
      setCursor: [look.onCursor],
      setSelect: [(plot) => onSelect(plot, look)],
      ready: [(plot) => plot.over.addEventListener('dblclick', () => look.onZoom(false))],
    },
  }
}

/** The whole planned length, unless someone has zoomed in. */
function rangeX(look: ChartLook, data: ChartData, low: number, high: number): [number, number] {
  if (look.window) return look.window
  const [from, to] = look.xRange ?? [low, high]
  const whole = low === (data.x[0] ?? low) && high === (data.x.at(-1) ?? high)
  return whole ? [Math.min(from, low), Math.max(to, high)] : [low, high]
}

/** One bar: its parts in the order of the series, bottom first. */
export interface Bar {
  /** Under the bar, where there is room. */
  label: string
  /** Said in full. */
  title: string
  values: readonly number[]
}

export interface BarSeries {
  key: string
  name: string
  /** CSS colour. */
  colour: string
}

const steps = [1, 2, 2.5, 5, 10]

/** Where the grid's lines lie: at most five even steps from nought that hold `most`. */
export function gridOf(most: number): number[] {
  if (!(most > 0)) return [0]
  const rough = most / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = (steps.find((one) => one * power >= rough * 0.999) ?? 10) * power
  const lines = Math.ceil(most / step - 1e-9)
  return Array.from({ length: lines + 1 }, (_, at) => at * step)
}

/** Every how many bars a label has room; `room` in pixels for all, `needed` for one. */
export function labelEvery(bars: number, room: number, needed: number): number {
  if (bars === 0 || room <= 0) return 1
  return Math.max(1, Math.ceil((bars * needed) / room))
}

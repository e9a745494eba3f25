/** One curve: its points in the order of their steps. The arrays grow in place and are not reactive. */
export interface Curve {
  key: string
  x: number[]
  y: (number | null)[]
}

/** Puts points into a curve; a step that comes again takes the place of the one before. */
export function putPoints(curve: Curve, x: readonly number[], y: readonly (number | null)[]): void {
  x.forEach((step, index) => {
    const value = y[index] ?? null
    let place = curve.x.length
    while (place > 0 && (curve.x[place - 1] ?? 0) > step) place--
    if (place > 0 && curve.x[place - 1] === step) curve.y[place - 1] = value
    else {
      curve.x.splice(place, 0, step)
      curve.y.splice(place, 0, value)
    }
  })
}

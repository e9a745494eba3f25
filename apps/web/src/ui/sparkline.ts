/** An SVG path through the values, scaled to the box with a margin of 2; null and NaN break the line. */
export function sparklinePath(values: readonly (number | null)[], width: number, height: number): string {
  const real = values.filter((value): value is number => value !== null && Number.isFinite(value))
  if (real.length === 0) return ''
  const low = Math.min(...real)
  const span = Math.max(...real) - low
  const step = values.length > 1 ? (width - 4) / (values.length - 1) : 0
  let pen = 'M'
  let path = ''
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value)) {
      pen = 'M'
      return
    }
    const share = span === 0 ? 0.5 : (value - low) / span
    path += `${pen}${(2 + index * step).toFixed(1)} ${(height - 2 - share * (height - 4)).toFixed(1)}`
    pen = 'L'
  })
  return path
}

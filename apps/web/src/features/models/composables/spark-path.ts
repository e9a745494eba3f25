/** Points of a small line over equal parts of time; where a value is missing the line is broken. */
export function sparkPath(values: readonly (number | null)[], width: number, height: number): string {
  const known = values.filter((value) => value !== null)
  const top = Math.max(...known)
  const bottom = Math.min(...known)
  const span = top - bottom
  const step = values.length > 1 ? width / (values.length - 1) : 0
  let path = ''
  let pen = false
  values.forEach((value, index) => {
    if (value === null) {
      pen = false
      return
    }
    const y = span === 0 ? height / 2 : height - ((value - bottom) / span) * height
    const point = `${round(index * step)} ${round(y)}`
    // A lone value is a dot: a line of no length with round ends.
    const isLone = !pen && (values[index + 1] ?? null) === null
    path += `${pen ? 'L' : 'M'}${point}${isLone ? `L${point}` : ''}`
    pen = true
  })
  return path
}

const round = (value: number): number => Math.round(value * 10) / 10

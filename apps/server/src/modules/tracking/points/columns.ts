/** Points of one series in columns of equal length; by rising step where nothing else is said. */
export interface Columns {
  step: Float64Array
  value: Float64Array
  /** Unix milliseconds. */
  time: Float64Array
}

export function columnsOf(length: number): Columns {
  return {
    step: new Float64Array(length),
    value: new Float64Array(length),
    time: new Float64Array(length),
  }
}

export function slice(of: Columns, from: number, to = of.step.length): Columns {
  return {
    step: of.step.subarray(from, to),
    value: of.value.subarray(from, to),
    time: of.time.subarray(from, to),
  }
}

export function concat(parts: readonly Columns[]): Columns {
  const [first] = parts
  if (parts.length === 1 && first) return first
  const all = columnsOf(parts.reduce((sum, part) => sum + part.step.length, 0))
  let at = 0
  for (const part of parts) {
    all.step.set(part.step, at)
    all.value.set(part.value, at)
    all.time.set(part.time, at)
    at += part.step.length
  }
  return all
}

/** The first place whose step is at least (or, `beyond`, above) the given one. */
export function placeOf(steps: Float64Array, step: number, beyond = false): number {
  let low = 0
  let high = steps.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const there = steps[middle] as number
    if (there < step || (beyond && there === step)) low = middle + 1
    else high = middle
  }
  return low
}

function isRising(steps: Float64Array): boolean {
  for (let at = 1; at < steps.length; at++) {
    if ((steps[at] as number) <= (steps[at - 1] as number)) return false
  }
  return true
}

/** By rising step, each once: of points with the same step the last one counts. */
export function inOrder(given: Columns): Columns {
  const { length } = given.step
  if (isRising(given.step)) return given
  const order = Uint32Array.from({ length }, (_, at) => at)
  order.sort((a, b) => (given.step[a] as number) - (given.step[b] as number) || a - b)
  const sorted = columnsOf(length)
  let at = -1
  for (const from of order) {
    const step = given.step[from] as number
    if (at < 0 || sorted.step[at] !== step) at += 1
    sorted.step[at] = step
    sorted.value[at] = given.value[from] as number
    sorted.time[at] = given.time[from] as number
  }
  return slice(sorted, 0, at + 1)
}

export interface Merged {
  columns: Columns
  /** Steps that were not there. */
  added: number
  /** Whether anything differs from what was there. */
  changed: boolean
}

/** Lays new points over old ones, both in order. */
export function merge(old: Columns, fresh: Columns): Merged {
  const out = columnsOf(old.step.length + fresh.step.length)
  let a = 0
  let b = 0
  let at = 0
  let added = 0
  let changed = false
  const take = (from: Columns, place: number) => {
    out.step[at] = from.step[place] as number
    out.value[at] = from.value[place] as number
    out.time[at] = from.time[place] as number
    at += 1
  }
  while (a < old.step.length || b < fresh.step.length) {
    const left = a < old.step.length ? (old.step[a] as number) : Number.POSITIVE_INFINITY
    const right = b < fresh.step.length ? (fresh.step[b] as number) : Number.POSITIVE_INFINITY
    if (left < right) {
      take(old, a++)
      continue
    }
    if (left === right) {
      changed ||= !Object.is(old.value[a], fresh.value[b]) || old.time[a] !== fresh.time[b]
      a += 1
    } else {
      added += 1
    }
    take(fresh, b++)
  }
  return { columns: slice(out, 0, at), added, changed: changed || added > 0 }
}

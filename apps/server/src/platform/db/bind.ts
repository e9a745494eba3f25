/** A value that every driver takes. */
export type Bound = string | number | bigint | null | Uint8Array

/** Text that every database stores: no NUL, no half of a surrogate pair. Each becomes U+FFFD. */
export function cleanText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed()
  return whole.includes('\0') ? whole.replaceAll('\0', '\uFFFD') : whole
}

/** Makes a parameter fit all three databases; throws TypeError for what one of them would lose or refuse. */
export function bind(value: unknown, name: string): Bound {
  switch (typeof value) {
    case 'string':
      return cleanText(value)
    case 'number':
      if (Number.isFinite(value)) return value
      throw new TypeError(`The parameter ${name} is no finite number.`)
    case 'boolean':
      return value ? 1 : 0
    case 'bigint':
      return value
    case 'object':
      if (value === null || value instanceof Uint8Array) return value
  }
  throw new TypeError(`The parameter ${name} is ${value === undefined ? 'missing' : 'of no storable type'}.`)
}

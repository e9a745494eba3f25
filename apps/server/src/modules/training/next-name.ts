import { nameKey } from '../../platform/names/index.ts'

const longest = 200

/** `name (3)` without its number. */
export function nameBeforeNumber(name: string): string {
  return name.replace(/ \(\d{1,6}\)$/, '')
}

/** `name (2)`, or with the first number that is not taken; `taken` holds keys. */
export function nextName(name: string, taken: ReadonlySet<string>): string {
  const plain = nameBeforeNumber(name)
  for (let number = 2; ; number++) {
    const ending = ` (${number})`
    const next = `${plain.slice(0, longest - ending.length)}${ending}`
    if (!taken.has(nameKey(next))) return next
  }
}

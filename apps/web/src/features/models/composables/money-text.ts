/** A price as a person types it: digits and a dot or comma, six places at most. */
const shape = /^\d{1,7}(?:[.,]\d{1,6})?$/
const micro = 1_000_000n

/** Millionths of a price that was typed; null for an empty text, undefined for one that is no price. */
export function microsOf(text: string): number | null | undefined {
  const typed = text.trim()
  if (typed === '') return null
  if (!shape.test(typed)) return undefined
  const [whole = '0', places = ''] = typed.replace(',', '.').split('.')
  return Number(BigInt(whole) * micro + BigInt(places.padEnd(6, '0')))
}

/** The shortest text that `microsOf` reads as the same price. */
export function priceText(micros: number | null): string {
  if (micros === null) return ''
  const value = BigInt(micros)
  const places = (value % micro).toString().padStart(6, '0').replace(/0+$/, '')
  return places === '' ? `${value / micro}` : `${value / micro}.${places}`
}

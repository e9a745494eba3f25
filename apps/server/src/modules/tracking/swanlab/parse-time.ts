/** What an SDK writes: `2026-11-24T10:00:00.123Z`, with any number of decimals, and `+00:00` as well. */
const minuteLength = 16
const zero = 48

const digit = (text: string, at: number) => text.charCodeAt(at) - zero

let knownMinute = ''
let minuteAt = 0

/** Seconds and decimals behind the minute, in milliseconds; NaN where the text is not as an SDK writes it. */
function secondsOf(text: string): number {
  const [tens, ones] = [digit(text, 17), digit(text, 18)]
  if (text[minuteLength] !== ':' || !(tens >= 0 && tens <= 5 && ones >= 0 && ones <= 9)) return Number.NaN
  let at = 19
  let ms = 0
  if (text[at] === '.') {
    for (let scale = 100; ++at < text.length; scale /= 10) {
      const one = digit(text, at)
      if (!(one >= 0 && one <= 9)) break
      ms += one * scale
    }
  }
  const zone = text.length - at
  if (!(zone === 1 && text[at] === 'Z') && !(zone === 6 && text.endsWith('+00:00'))) return Number.NaN
  return (tens * 10 + ones) * 1000 + Math.floor(ms)
}

/** Unix milliseconds of a time as text, NaN for none: the neighbours of a time share its minute, which is kept. */
export function parseTime(text: string): number {
  const seconds = secondsOf(text)
  if (Number.isNaN(seconds)) return Date.parse(text)
  if (knownMinute === '' || !text.startsWith(knownMinute)) {
    const minute = text.slice(0, minuteLength)
    const at = Date.parse(`${minute}Z`)
    if (Number.isNaN(at)) return Number.NaN
    knownMinute = minute
    minuteAt = at
  }
  return minuteAt + seconds
}

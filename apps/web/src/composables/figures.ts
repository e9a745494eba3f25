import type { Language, TextParams } from '@anneal/contract/format'

type Say = (key: string, params?: TextParams) => string
type Moment = string | number | Date

const kilo = 1000
const binary = 1024
const two = (value: number): string => String(value).padStart(2, '0')

function numberFormat(language: Language, digits: number, fixed = false): Intl.NumberFormat {
  return new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-US', {
    maximumFractionDigits: digits,
    minimumFractionDigits: fixed ? digits : 0,
  })
}

/** 612k, 9.6 M, 1.2 B. */
function compact(language: Language, value: number): string {
  const size = Math.abs(value)
  if (size < kilo) return numberFormat(language, size < 10 ? 2 : size < 100 ? 1 : 0).format(value)
  if (size < 999_500) return `${numberFormat(language, size < 100 * kilo ? 1 : 0).format(value / kilo)}k`
  if (size < 999_500_000) return `${numberFormat(language, 1).format(value / 1e6)} M`
  return `${numberFormat(language, 1).format(value / 1e9)} B`
}

/** GB = 2³⁰. */
function bytes(language: Language, value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let unit = 0
  let size = Math.abs(value)
  while (size >= 999.5 && unit < units.length - 1) {
    size /= binary
    unit++
  }
  return `${numberFormat(language, unit >= 3 || (unit > 0 && size < 10) ? 1 : 0).format(Math.sign(value) * size)} ${units[unit]}`
}

/** Seconds in words: 43 ms (if asked), 0.84 s, 3.1 s, 12 s, 3 min, 1 h 08 min, 19 days. */
function duration(language: Language, say: Say, seconds: number, milliseconds = false): string {
  if (!Number.isFinite(seconds)) return '—'
  const value = Math.max(0, seconds)
  if (milliseconds && value < 0.9995) return say('ui.figures.ms', { value: String(Math.round(value * kilo)) })
  if (value < 59.5) {
    const digits = value < 0.995 ? 2 : value < 9.95 ? 1 : 0
    return say('ui.figures.s', {
      value: numberFormat(language, digits, value > 0 && digits > 0).format(value),
    })
  }
  const minutes = Math.round(value / 60)
  if (minutes < 60) return say('ui.figures.min', { value: String(minutes) })
  const hours = Math.floor(minutes / 60)
  if (hours < 72) return say('ui.figures.hMin', { h: String(hours), min: two(minutes % 60) })
  return say('ui.figures.days', { n: Math.round(hours / 24) })
}

/** 0:12, 41:08, 1:08:40. */
function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

/** From micro-units: two places, four below one, all six where four would show nothing. */
function money(language: Language, micro: number, currency = 'USD'): string {
  const value = micro / 1e6
  const size = Math.abs(value)
  const digits = value === 0 || size >= 1 ? 2 : size < 0.0001 ? 6 : 4
  return new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-US', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value)
}

/** A price from micro-units: two places, and more where they count. */
function price(language: Language, micro: number, currency: string): string {
  return new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-US', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: 2,
    maximumFractionDigits: 6,
  }).format(micro / 1e6)
}

/** 2e-4, 6.78e-5; plain between 0.001 and 100,000. */
function scientific(language: Language, value: number): string {
  const size = Math.abs(value)
  if (value === 0 || (size >= 1e-3 && size < 1e5)) return numberFormat(language, 4).format(value)
  return value
    .toExponential(2)
    .replace(/\.?0+e/, 'e')
    .replace('e+', 'e')
}

function monthName(date: Date, style: 'short' | 'long'): string {
  return new Intl.DateTimeFormat('en-US', { month: style }).format(date)
}

function dateOf(say: Say, at: Moment, now = Date.now()): string {
  const date = new Date(at)
  const params = {
    day: String(date.getDate()),
    month: String(date.getMonth() + 1),
    name: monthName(date, 'short'),
  }
  if (date.getFullYear() === new Date(now).getFullYear()) return say('ui.figures.date', params)
  return say('ui.figures.dateYear', { ...params, year: String(date.getFullYear()) })
}

function timeOf(at: Moment, seconds = false): string {
  const date = new Date(at)
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`
  return seconds ? `${time}:${two(date.getSeconds())}` : time
}

/** Friday 23 October, 15:17. */
function dayOf(language: Language, say: Say, at: Moment): string {
  const date = new Date(at)
  const weekday = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-US', { weekday: 'long' }).format(
    date,
  )
  const month = String(date.getMonth() + 1)
  const params = {
    day: String(date.getDate()),
    month,
    name: monthName(date, 'long'),
    weekday,
    time: timeOf(date),
  }
  return say('ui.figures.day', params)
}

/** Up to seven days in words, then the date. `ago` adds the word 'ago', where the place does not make it clear. */
function relative(say: Say, at: Moment, { ago = true, now = Date.now() } = {}): string {
  const seconds = (now - new Date(at).getTime()) / 1000
  const suffix = ago ? 'Ago' : ''
  if (seconds < 45) return say('ui.figures.now')
  const minutes = Math.max(1, Math.round(seconds / 60))
  if (minutes < 60) return say(`ui.figures.min${suffix}`, { value: String(minutes) })
  const hours = Math.round(minutes / 60)
  if (hours < 24) return say(`ui.figures.h${suffix}`, { value: String(hours) })
  const midnight = (moment: Moment): number => new Date(moment).setHours(0, 0, 0, 0)
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000)
  if (days <= 1) return say('ui.figures.yesterday')
  return days <= 7 ? say(`ui.figures.days${suffix}`, { n: days }) : dateOf(say, at, now)
}

/** Every figure of the page in one language, as the design writes them. */
export function createFigures(language: Language, say: Say) {
  return {
    number: (value: number, digits = 0) => numberFormat(language, digits).format(value),
    compact: (value: number) => compact(language, value),
    percent: (share: number, digits = 0) => `${numberFormat(language, digits).format(share * 100)}%`,
    bytes: (value: number) => bytes(language, value),
    duration: (seconds: number, options?: { milliseconds?: boolean }) =>
      duration(language, say, seconds, options?.milliseconds),
    clock,
    rate: (value: number) =>
      say('ui.figures.rate', { value: numberFormat(language, value < 100 ? 1 : 0, true).format(value) }),
    money: (micro: number, currency?: string) => money(language, micro, currency),
    price: (micro: number, currency: string) => price(language, micro, currency),
    loss: (value: number, digits = 3) => (Number.isFinite(value) ? value.toFixed(digits) : '—'),
    scientific: (value: number) => scientific(language, value),
    time: (at: Moment, seconds?: boolean) => timeOf(at, seconds),
    date: (at: Moment) => dateOf(say, at),
    dateTime: (at: Moment) => `${dateOf(say, at)} ${timeOf(at, true)}`,
    day: (at: Moment) => dayOf(language, say, at),
    relative: (at: Moment, options?: { ago?: boolean; now?: number }) => relative(say, at, options),
  }
}

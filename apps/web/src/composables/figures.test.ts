import { formatText } from '@anneal/contract/format'
import type { Language, TextParams } from '@anneal/contract/format'
import { texts as en } from '@anneal/contract/texts/en'
import { texts as zh } from '@anneal/contract/texts/zh'
import { describe, expect, it } from 'vitest'
import { createFigures } from './figures.ts'

function say(language: Language) {
  const figures: Record<string, string> = (language === 'zh' ? zh : en).ui.figures
  return (key: string, params?: TextParams) =>
    formatText(figures[key.replace('ui.figures.', '')] ?? key, params, language)
}
const english = createFigures('en', say('en'))
const chinese = createFigures('zh', say('zh'))

describe('figures as the design writes them', () => {
  it('groups, shortens and gives shares', () => {
    expect(english.number(1234)).toBe('1,234')
    expect([4700, 32_000, 612_000, 9_600_000, 240].map(english.compact)).toEqual([
      '4.7k',
      '32k',
      '612k',
      '9.6 M',
      '240',
    ])
    expect(english.percent(0.62)).toBe('62%')
  })

  it('takes a GB as 2³⁰ bytes', () => {
    expect(english.bytes(44.7 * 2 ** 30)).toBe('44.7 GB')
    expect(english.bytes(84 * 2 ** 20)).toBe('84 MB')
    expect(english.bytes(512)).toBe('512 B')
    expect(english.bytes(1023 * 2 ** 20)).toBe('1 GB')
  })

  it('tells durations from milliseconds to days', () => {
    expect([0.84, 3.1, 12, 180, 4080, 19 * 86_400].map((s) => english.duration(s))).toEqual([
      '0.84 s',
      '3.1 s',
      '12 s',
      '3 min',
      '1 h 08 min',
      '19 days',
    ])
    expect(english.duration(0.043, { milliseconds: true })).toBe('43 ms')
    expect([0.84, 1500, 6720].map((s) => chinese.duration(s))).toEqual(['0.84 秒', '25 分钟', '1 小时 52 分'])
    expect([59.4, 59.7, 0.996].map((s) => english.duration(s))).toEqual(['59 s', '1 min', '1.0 s'])
    expect(english.duration(Infinity)).toBe('—')
    expect([12, 2468, 4120].map(english.clock)).toEqual(['0:12', '41:08', '1:08:40'])
  })

  it('writes money with four places below one', () => {
    expect(english.money(15_600)).toBe('$0.0156')
    expect(english.money(4_318_620_000)).toBe('$4,318.62')
    expect(english.money(0)).toBe('$0.00')
    expect(english.money(24)).toBe('$0.000024')
    expect(english.money(1_250_000, 'CNY')).toBe('¥1.25')
    expect([280_000, 28_000, 10_000_000].map((micro) => english.price(micro, 'USD'))).toEqual([
      '$0.28',
      '$0.028',
      '$10.00',
    ])
  })

  it('writes rates, losses and small numbers', () => {
    expect([62.3, 9, 312.14, 331].map(english.rate)).toEqual([
      '62.3 tok/s',
      '9.0 tok/s',
      '312 tok/s',
      '331 tok/s',
    ])
    expect(chinese.rate(96.4)).toBe('96.4 token/秒')
    expect(english.loss(0.8123)).toBe('0.812')
    expect(english.loss(NaN)).toBe('—')
    expect([2e-4, 6.78e-5, 0.5, 0].map(english.scientific)).toEqual(['2e-4', '6.78e-5', '0.5', '0'])
  })

  it('tells time in words up to seven days, then the date', () => {
    const now = new Date(2026, 10, 24, 15, 17).getTime()
    const ago = (ms: number, language = english, short = false) =>
      language.relative(now - ms, { now, ago: !short })
    expect(ago(5000)).toBe('just now')
    expect(ago(18 * 60_000)).toBe('18 min ago')
    expect(ago(32 * 60_000, english, true)).toBe('32 min')
    expect(ago(2 * 3_600_000, chinese)).toBe('2 小时前')
    expect(ago(26 * 3_600_000)).toBe('yesterday')
    expect(ago(5 * 86_400_000)).toBe('5 days ago')
    expect(ago(9 * 86_400_000, chinese)).toBe('11 月 15 日')
    expect(english.day(new Date(2026, 9, 23, 15, 17))).toBe('Friday 23 October, 15:17')
    expect(chinese.day(new Date(2026, 9, 23, 15, 17))).toBe('10 月 23 日 星期五 15:17')
  })
})

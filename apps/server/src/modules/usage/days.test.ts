import { describe, expect, test } from 'vitest'
import { daysOf, isZone } from './days.ts'

const at = (text: string) => Date.parse(text)
const begins = (zone: string, from: string, to: string) =>
  daysOf(zone, at(from), at(to)).map(
    ({ day, begin }) => `${day} ${new Date(begin).toISOString().slice(5, 16)}`,
  )

describe('the days of a zone', () => {
  test.each([
    [
      'UTC',
      '2026-11-01T00:00:00Z',
      '2026-11-03T00:00:00Z',
      ['2026-11-01 11-01T00:00', '2026-11-02 11-02T00:00'],
    ],
    [
      'Asia/Shanghai',
      '2026-10-31T16:00:00Z',
      '2026-11-02T16:00:00Z',
      ['2026-11-01 10-31T16:00', '2026-11-02 11-01T16:00'],
    ],
    /* A day of 25 hours. */
    [
      'Europe/Berlin',
      '2026-10-23T22:00:00Z',
      '2026-10-26T23:00:00Z',
      ['2026-10-24 10-23T22:00', '2026-10-25 10-24T22:00', '2026-10-26 10-25T23:00'],
    ],
    /* A day of 23 hours. */
    [
      'America/New_York',
      '2026-03-07T05:00:00Z',
      '2026-03-10T04:00:00Z',
      ['2026-03-07 03-07T05:00', '2026-03-08 03-08T05:00', '2026-03-09 03-09T04:00'],
    ],
    /* A day that begins at one o'clock. */
    [
      'Asia/Beirut',
      '2026-03-27T22:00:00Z',
      '2026-03-30T21:00:00Z',
      ['2026-03-28 03-27T22:00', '2026-03-29 03-28T22:00', '2026-03-30 03-29T21:00'],
    ],
    [
      'Asia/Kathmandu',
      '2026-11-01T00:00:00Z',
      '2026-11-02T00:00:00Z',
      ['2026-11-01 11-01T00:00', '2026-11-02 11-01T18:15'],
    ],
  ])('%s from %s to %s', (zone, from, to, days) => {
    expect(begins(zone, from, to)).toEqual(days)
  })

  test('a year has as many days as it has, in order, wherever', () => {
    for (const zone of ['UTC', 'Asia/Kolkata', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Pacific/Apia']) {
      const days = daysOf(zone, at('2025-01-01T00:00:00Z'), at('2026-01-01T00:00:00Z'))
      expect(days.length).toBeGreaterThanOrEqual(365)
      expect(days.length).toBeLessThanOrEqual(366)
      expect(new Set(days.map(({ day }) => day)).size).toBe(days.length)
      expect(days.map(({ begin }) => begin)).toEqual(days.map(({ begin }) => begin).toSorted((a, b) => a - b))
    }
  })

  test('what is a zone', () => {
    expect(['Asia/Shanghai', 'UTC', 'Mars/Olympus', ''].map(isZone)).toEqual([true, true, false, false])
  })
})

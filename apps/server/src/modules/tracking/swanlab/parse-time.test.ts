import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTime } from './parse-time.ts'

test('a time as an SDK writes it is the time that it names', () => {
  const date = fc.date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(
      date,
      fc.constantFrom('Z', '+00:00'),
      fc.constantFrom('', '000', '999'),
      (one, zone, micro) => {
        const text = one.toISOString().replace('Z', `${micro}${zone}`)
        expect(parseTime(text)).toBe(one.getTime())
      },
    ),
  )
})

test('any other text is what Date makes of it', () => {
  const odd = [
    '',
    'yesterday',
    '2026-11-24',
    '2026-11-24T10:00:00',
    '2026-11-24T10:00:00+02:00',
    '2026-11-24T10:00:61Z',
    '2026-13-24T10:00:00Z',
    '2026-11-24T10:00:00Z',
    '2026-11-24 10:00:00.5Z',
    '2026-11-24T10:00:00.1x',
  ]
  for (const text of odd) {
    expect([text, parseTime(text)]).toEqual([text, Date.parse(text)])
  }
})

import { expect, test } from 'vitest'
import { byteRange } from './byte-range.ts'

test.each([
  ['bytes=0-', { start: 0, end: 99 }],
  ['bytes=10-19', { start: 10, end: 19 }],
  [' bytes=90-500 ', { start: 90, end: 99 }],
  ['bytes=-10', { start: 90, end: 99 }],
  ['bytes=-500', { start: 0, end: 99 }],
  ['bytes=99-99', { start: 99, end: 99 }],
])('%s of 100 bytes', (header, range) => expect(byteRange(header, 100)).toEqual(range))

test.each([undefined, '', 'bytes=-', 'bytes=100-', 'bytes=20-10', 'bytes=-0', 'bytes=0-1,5-6', 'lines=0-1'])(
  '%s is the whole',
  (header) => expect(byteRange(header, 100)).toBeNull(),
)

test('an empty file has no range', () => expect(byteRange('bytes=0-', 0)).toBeNull())

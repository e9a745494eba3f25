import { expect, test } from 'vitest'
import { LineSplitter, isBlank } from './line-splitter.ts'

function split(text: string, chunk: number, limit = 1000) {
  const bytes = Buffer.from(text)
  const splitter = new LineSplitter({ limit })
  const found: { number: number; start: number; text: string; length: number; tooLong: boolean }[] = []
  const take = (lines: ReturnType<LineSplitter['push']>) => {
    for (const { bytes: held, ...line } of lines) found.push({ ...line, text: held.toString() })
  }
  // One buffer for all chunks, as the reader of files has it.
  const reused = Buffer.alloc(chunk)
  for (let at = 0; at < bytes.length; at += chunk) {
    const length = bytes.copy(reused, 0, at, at + chunk)
    take(splitter.push(reused.subarray(0, length)))
  }
  take(splitter.end())
  return found
}

test.each([1, 2, 3, 7, 100])('lines over chunks of %i bytes', (chunk) => {
  expect(split('eins\n\nzwei ü\r\ndrei', chunk)).toEqual([
    { number: 1, start: 0, text: 'eins', length: 4, tooLong: false },
    { number: 2, start: 5, text: '', length: 0, tooLong: false },
    { number: 3, start: 6, text: 'zwei ü\r', length: 8, tooLong: false },
    { number: 4, start: 15, text: 'drei', length: 4, tooLong: false },
  ])
})

test.each([3, 10, 5000])('a line that is too long is cut, and the next one found (chunks of %i)', (chunk) => {
  const long = 'x'.repeat(4000)
  const [first, second] = split(`${long}\nnext`, chunk, 3000)
  expect(first).toMatchObject({ number: 1, length: 4000, tooLong: true })
  expect(first?.text.length).toBeLessThanOrEqual(2048)
  expect(first?.text).toMatch(/^x+$/)
  expect(second).toEqual({ number: 2, start: 4001, text: 'next', length: 4, tooLong: false })
})

test('blank lines are known', () => {
  const lines = new LineSplitter({ limit: 10 }).push(Buffer.from(' \t\r\n{}\n'))
  expect(lines.map(isBlank)).toEqual([true, false])
})

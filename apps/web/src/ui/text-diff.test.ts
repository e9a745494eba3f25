import { describe, expect, test } from 'vitest'
import { lineDiff, wordDiff } from './text-diff.ts'

const sideOf = (parts: ReturnType<typeof wordDiff>, without: 'added' | 'removed') =>
  parts.flatMap((part) => (part.kind === without ? [] : [part.text])).join('')

describe('text diff', () => {
  test.each([
    ['The arm stops at 4.8 kg.', 'The arm never stops at 3.5 kg!'],
    ['机械臂在第二关节停止', '机械臂在第三关节不会停止'],
    ['', 'all new'],
    ['same', 'same'],
  ])('holds both texts whole: %j and %j', (before, after) => {
    for (const parts of [wordDiff(before, after), lineDiff(before, after)]) {
      expect(sideOf(parts, 'added')).toBe(before)
      expect(sideOf(parts, 'removed')).toBe(after)
    }
  })

  const words = (first: string, count: number, between: string) =>
    Array.from({ length: count }, (_, index) => `${first}${((index * 7919) % 9973).toString(36)}`).join(
      between,
    )

  test.each([
    ['one long line', 20_000, ' '],
    ['many lines', 20_000, '\n'],
    ['too long to be split into words', 90_000, ' '],
  ])('two texts with nothing in common end soon, whole: %s', (_, count, between) => {
    const [before, after] = [words('a', count, between), words('b', count, between)]
    const begun = performance.now()
    const parts = wordDiff(before, after)
    expect(performance.now() - begun).toBeLessThan(5000)
    expect(sideOf(parts, 'added')).toBe(before)
    expect(sideOf(parts, 'removed')).toBe(after)
  })

  test('where words would take too long, lines that are the same stay the same', () => {
    const [before, after] = [words('a', 20_000, ' '), words('b', 20_000, ' ')]
    const parts = wordDiff(`first\n${before}\nlast\n`, `first\n${after}\nlast\n`)
    expect(parts.map(({ kind }) => kind)).toEqual(['same', 'removed', 'added', 'same'])
  })

  test('Chinese is compared by words, not as one block', () => {
    expect(
      wordDiff('机械臂在第二关节停止', '机械臂在第三关节停止').some((part) => part.kind === 'same'),
    ).toBe(true)
  })
})

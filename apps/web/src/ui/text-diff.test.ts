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

  test('Chinese is compared by words, not as one block', () => {
    expect(
      wordDiff('机械臂在第二关节停止', '机械臂在第三关节停止').some((part) => part.kind === 'same'),
    ).toBe(true)
  })
})

import { expect, it } from 'vitest'
import { compareTexts, flatten } from './texts.ts'

it('names each key and placeholder that the languages do not share', () => {
  const english = flatten({ a: { same: 'Hello {name}', lost: 'x', other: '{count} of {total}' } })
  const chinese = flatten({ a: { same: '{name}，你好', other: '{count}', more: 'y' } })
  expect(compareTexts(english, chinese)).toEqual([
    'a.lost: missing in Chinese',
    'a.other: placeholders differ: {count, total} and {count}',
    'a.more: missing in English',
  ])
})

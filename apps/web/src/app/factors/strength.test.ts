import { expect, test } from 'vitest'
import { strengthOf } from './strength.ts'

test.each([
  ['', 0],
  ['aaaaaaaaaaaaaaaaaaaa', 0],
  ['abcdefghijklmnop', 0],
  ['123456789012345', 0],
  ['password1234567', 0],
  ['qwertyuiopasdfgh', 0],
  ['sunshine', 0],
])('%s is very weak', (password, score) => expect(strengthOf(password)).toBe(score))

test.each([
  'correct horse battery staple',
  'three words and a comma',
  'kV9#pQ2m!x',
  '用好每一个模型炼出自己的',
])('%s is good or strong', (password) => expect(strengthOf(password)).toBeGreaterThanOrEqual(3))

test('what is known of the person counts for nothing', () => {
  expect(strengthOf('lin.zhao@tidewell', ['lin.zhao@tidewell'])).toBe(0)
  expect(strengthOf('lin.zhao@tidewell')).toBeGreaterThan(1)
})

test('more of the same kind is never weaker', () => {
  const text = 'tRe7%wQz!mK2pL9x'
  const scores = [...text].map((_, at) => strengthOf(text.slice(0, at + 1)))
  expect(scores).toEqual(scores.toSorted((a, b) => a - b))
  expect(scores.at(-1)).toBe(4)
})

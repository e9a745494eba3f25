import { expect, test } from 'vitest'
import { keyMatcher, sectionsOf } from './sections.ts'

const keys = ['loss', 'train/loss', 'eval/loss', 'train/lr', '/odd', '__proto__', 'train/deep/er']

test('keys stand by what is before their first slash; those without one last', () => {
  expect(sectionsOf(keys, () => true)).toEqual([
    { name: 'train', keys: ['train/loss', 'train/lr', 'train/deep/er'], all: 3 },
    { name: 'eval', keys: ['eval/loss'], all: 1 },
    { name: '', keys: ['loss', '/odd', '__proto__'], all: 3 },
  ])
})

test('a filter leaves sections out, and says how many there are', () => {
  const { matches, valid } = keyMatcher('^(train|eval)/LOSS$')
  expect(valid).toBe(true)
  expect(sectionsOf(keys, matches)).toEqual([
    { name: 'train', keys: ['train/loss'], all: 3 },
    { name: 'eval', keys: ['eval/loss'], all: 1 },
  ])
})

test('what is no expression is looked for as it stands', () => {
  const { matches, valid } = keyMatcher('loss(')
  expect([valid, matches('my/LOSS(1)'), matches('loss')]).toEqual([false, true, false])
})

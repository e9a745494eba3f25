import { expect, test } from 'vitest'
import { type ChartKey, keyMatcher, sectionsOf, shownBy, titleOf } from './sections.ts'

const plain = (key: string): ChartKey => ({ key, name: null, section: null, hidden: false })
const keys = ['loss', 'train/loss', 'eval/loss', 'train/lr', '/odd', '__proto__', 'train/deep/er'].map(plain)
const sections = (filter: string, list = keys) =>
  sectionsOf(list, shownBy(keyMatcher(filter))).map(({ name, keys, all }) => ({
    name,
    keys: keys.map(({ key }) => key),
    all,
  }))

test('keys stand by what is before their first slash; those without one last', () => {
  expect(sections('')).toEqual([
    { name: 'train', keys: ['train/loss', 'train/lr', 'train/deep/er'], all: 3 },
    { name: 'eval', keys: ['eval/loss'], all: 1 },
    { name: '', keys: ['loss', '/odd', '__proto__'], all: 3 },
  ])
})

test('a filter leaves sections out, and says how many there are', () => {
  expect(keyMatcher('^(train|eval)/LOSS$').valid).toBe(true)
  expect(sections('^(train|eval)/LOSS$')).toEqual([
    { name: 'train', keys: ['train/loss'], all: 3 },
    { name: 'eval', keys: ['eval/loss'], all: 1 },
  ])
})

test('what is no expression is looked for as it stands', () => {
  const { matches, valid } = keyMatcher('loss(')
  expect([valid, matches('my/LOSS(1)'), matches('loss')]).toEqual([false, true, false])
})

test('a project’s own sections and names count; what is hidden is found by looking for it', () => {
  const defined: ChartKey[] = [
    { key: 'acc', name: 'Accuracy', section: 'Validation', hidden: false },
    { key: 'val/f1', name: null, section: 'Validation', hidden: false },
    { key: 'epoch', name: null, section: 'default', hidden: true },
    plain('loss'),
  ]
  expect(sections('', defined)).toEqual([
    { name: 'Validation', keys: ['acc', 'val/f1'], all: 2 },
    { name: '', keys: ['loss'], all: 2 },
  ])
  expect(sections('epoch', defined)).toEqual([{ name: '', keys: ['epoch'], all: 2 }])
  expect(sections('accur', defined)).toEqual([{ name: 'Validation', keys: ['acc'], all: 2 }])
})

test('two that are called alike go by their keys', () => {
  const [a, b, c] = [
    { ...plain('gpu.0'), name: 'GPU' },
    { ...plain('gpu.1'), name: 'GPU' },
    { ...plain('cpu'), name: 'CPU' },
  ]
  const section = { name: '', keys: [a!, b!, c!], all: 3 }
  expect(section.keys.map((key) => titleOf(key, section))).toEqual([undefined, undefined, 'CPU'])
})

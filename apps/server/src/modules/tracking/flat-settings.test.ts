import { expect, test } from 'vitest'
import { flatSettings, plainConfig } from './flat-settings.ts'

const wrapped = (value: unknown, sort: number) => ({ value, desc: '', sort })

test('settings come flat, in the order of the script', () => {
  const config = {
    rank: wrapped(16, 1),
    lr: wrapped(2e-4, 0),
    data: wrapped({ name: 'support', split: { train: 0.9 } }, 2),
    layers: wrapped([1, 2], 3),
    none: {},
    off: wrapped(false, 4),
  }
  expect(flatSettings(config)).toEqual([
    { key: 'lr', value: 2e-4 },
    { key: 'none', value: '{}' },
    { key: 'rank', value: 16 },
    { key: 'data.name', value: 'support' },
    { key: 'data.split.train', value: 0.9 },
    { key: 'layers', value: '[1,2]' },
    { key: 'off', value: false },
  ])
})

test('what is no configuration has no settings, and long ones are cut', () => {
  expect([flatSettings(null), flatSettings('x'), flatSettings([1])]).toEqual([[], [], []])
  const [long] = flatSettings({ a: 'x'.repeat(1000) })
  expect(String(long?.value)).toHaveLength(300)
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`k${at}`, at]))
  expect(flatSettings(many)).toHaveLength(300)
})

test('a setting that is itself called value is no wrapping', () => {
  expect(plainConfig({ a: wrapped(1, 0), b: { value: 1 }, c: wrapped(undefined, 1) })).toEqual({
    a: 1,
    b: { value: 1 },
    c: null,
  })
})

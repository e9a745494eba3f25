import { expect, test } from 'vitest'
import { compareSettings } from './settings-diff.ts'

test('settings that differ, or that one run alone has, are told', () => {
  const rows = compareSettings([
    {
      settings: [
        { key: 'lr', value: 2e-4 },
        { key: 'seed', value: 1 },
      ],
    },
    {
      settings: [
        { key: 'lr', value: 1e-4 },
        { key: 'seed', value: 1 },
        { key: '__proto__', value: null },
      ],
    },
  ])
  expect(rows).toEqual([
    { key: 'lr', values: [2e-4, 1e-4], differs: true },
    { key: 'seed', values: [1, 1], differs: false },
    { key: '__proto__', values: [undefined, null], differs: true },
  ])
  expect(compareSettings([])).toEqual([])
})

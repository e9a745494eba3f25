import { expect, test } from 'vitest'
import { type Found, choiceOf, compareValues, groupRuns, matches, sortRuns } from './run-choice.ts'

const found = (name: string, more: object = {}, scalars: [string, number | null][] = []) =>
  ({
    run: { name, labels: [], createdAt: '2026-01-01T00:00:00.000Z', profile: { config: {} }, ...more },
    scalars: new Map(scalars),
  }) as unknown as Found

const choice = (raw: object) => choiceOf(raw)!

test('what names nothing, or is switched off, is no choice', () => {
  expect(choiceOf({ type: 'STABLE', op: 'EQ' })).toBeNull()
  expect(choiceOf({ key: 'name', active: false })).toBeNull()
  expect(choiceOf(null)).toBeNull()
})

test.each([
  ['EQ', ['a'], true],
  ['EQ', ['b'], false],
  ['NEQ', ['b'], true],
  ['IN', ['x', 'a'], true],
  ['NOT IN', ['x', 'a'], false],
  ['CONTAIN', ['A'], true],
  ['GTE', ['b'], false],
  ['LTE', ['b'], true],
])('a name %s %j: %s', (op, value, is) => {
  expect(matches(found('a'), choice({ key: 'name', op, value }))).toBe(is)
})

test('labels match by any of them; a run without a value is neither above nor below', () => {
  const labelled = found('a', { labels: [{ name: 'x' }, { name: 'y' }] })
  expect(matches(labelled, choice({ key: 'labels', op: 'IN', value: ['y', 'z'] }))).toBe(true)
  expect(matches(labelled, choice({ key: 'labels', op: 'NOT IN', value: ['y'] }))).toBe(false)
  for (const op of ['GTE', 'LTE'])
    expect(matches(found('a'), choice({ key: 'loss', type: 'SCALAR', op, value: ['1'] }))).toBe(false)
})

test('settings, nested ones too, and names that every object has', () => {
  const config = { lr: { value: 0.1 }, deep: { value: { er: [1, 2] } } }
  const run = found('a', { profile: { config } })
  const eq = (key: string, value: string) =>
    matches(run, choice({ key, type: 'CONFIG', op: 'EQ', value: [value] }))
  expect([eq('lr', '0.10'), eq('deep.er', '[1,2]'), eq('constructor', ''), eq('absent', '')]).toEqual([
    true,
    true,
    true,
    true,
  ])
})

test('numbers by size, dates by time, the rest by letters', () => {
  expect(compareValues('9', '10')).toBeLessThan(0)
  expect(compareValues('2026-01-02', '2026-01-01T00:00:00Z')).toBeGreaterThan(0)
  expect(compareValues('b', 'a')).toBeGreaterThan(0)
})

test('sorted by several, grouped in layers', () => {
  const runs = [
    found('a', { cluster: 'x', job: '2' }),
    found('b', { cluster: 'y', job: '1' }),
    found('c', { cluster: 'x', job: '1' }),
  ]
  const sorts = [choice({ key: 'job', order: 'ASC' }), choice({ key: 'name', order: 'DESC' })]
  const names = ({ run }: Found) => run.name
  expect(sortRuns(runs, sorts).map(names)).toEqual(['c', 'b', 'a'])
  const groups = [choice({ key: 'cluster' }), choice({ key: 'job' })]
  expect(groupRuns(runs, groups, names)).toEqual({ x: { 2: ['a'], 1: ['c'] }, y: { 1: ['b'] } })
  expect(groupRuns(runs, [], names)).toEqual(['a', 'b', 'c'])
})

import { expect, test } from 'vitest'
import { entriesOf } from './log-entries.ts'

const line = (message: string, level = 'INFO') => ({ epoch: 1, time: 5, level, message })

test('a message of several rows is parted, and levels are told', () => {
  expect(entriesOf([line('one'), line('two\nthree', 'ERROR'), line('four', 'WARN')], 1, 0)).toEqual([
    { line: 1, time: 5, level: 'info', text: 'one' },
    { line: 2, time: 5, level: 'error', text: 'two' },
    { line: 3, time: 5, level: 'error', text: 'three' },
    { line: 4, time: 5, level: 'warning', text: 'four' },
  ])
})

test('earlier lines are counted back, so that no two are alike', () => {
  expect(entriesOf([line('a\nb'), line('c')], null, 1).map((entry) => entry.line)).toEqual([-2, -1, 0])
})

test('what drives a terminal is left out', () => {
  expect(
    entriesOf([line('\u001b[31mred\u001b[0m'), line(' 10%\r 50%\r100%'), line('end\r')], 1, 0),
  ).toMatchObject([{ text: 'red' }, { text: '100%' }, { text: 'end' }])
})

import { describe, expect, it } from 'vitest'
import { nextSort, phonePlace, windowOf } from './data-table.ts'
import { initials } from './initials.ts'
import { findLines } from './log-view.ts'
import { providerMark } from './provider-mark.ts'
import { sparklinePath } from './sparkline.ts'

describe('the table', () => {
  it('sorts up, down, then as it came', () => {
    const up = nextSort(null, 'name')
    const down = nextSort(up, 'name')
    expect([up, down, nextSort(down, 'name')]).toEqual([
      { key: 'name', down: false },
      { key: 'name', down: true },
      null,
    ])
    expect(nextSort(down, 'size')).toEqual({ key: 'size', down: false })
  })

  it('draws what is in sight and a little more', () => {
    expect(windowOf(0, 480, 48, 1000)).toEqual([0, 18])
    expect(windowOf(4800, 480, 48, 1000)).toEqual([92, 118])
    expect(windowOf(99_999, 480, 48, 20)).toEqual([20, 20])
  })

  it('makes the first column the title on phones', () => {
    expect(phonePlace({ key: 'a', label: 'A' }, 0)).toBe('title')
    expect(phonePlace({ key: 'b', label: 'B' }, 1)).toBe('detail')
    expect(phonePlace({ key: 'c', label: 'C', phone: 'hidden' }, 2)).toBe('hidden')
  })
})

it('breaks a sparkline at a gap', () => {
  expect(sparklinePath([0, null, 1], 24, 14)).toBe('M2.0 12.0M22.0 2.0')
  expect(sparklinePath([5, 5], 24, 14)).toBe('M2.0 7.0L22.0 7.0')
  expect(sparklinePath([null], 24, 14)).toBe('')
})

it('makes initials of Latin and Chinese names', () => {
  expect(['Lin Zhao', 'admin', '赵琳', ''].map(initials)).toEqual(['LZ', 'A', '琳', '?'])
})

it('marks a provider by its name, always the same', () => {
  expect(providerMark('OpenAI').letters).toBe('O')
  expect(providerMark('claude-sonnet').hue).toBe('amber')
  expect(providerMark('Shanghai office')).toEqual(providerMark('Shanghai office'))
})

it('finds lines whatever the case', () => {
  const lines = ['Saved checkpoint', 'loss 0.8'].map((text, index) => ({
    line: index,
    time: 0,
    level: 'info' as const,
    text,
  }))
  expect(findLines(lines, ' SAVED ').map((line) => line.line)).toEqual([0])
  expect(findLines(lines, ' ')).toBe(lines)
})

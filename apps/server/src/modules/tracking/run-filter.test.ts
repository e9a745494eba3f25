import { expect, test } from 'vitest'
import { matchesFilter, parseRunFilter } from './run-filter.ts'

const run = {
  name: 'support-sft-8b',
  description: 'First try',
  tags: ['Baseline'],
  settings: [
    { key: 'lr', value: 2e-4 },
    { key: 'method', value: 'sft' },
    { key: 'data.shuffle', value: true },
  ],
}
const finds = (text: string) => matchesFilter(parseRunFilter(text), run)

test.each([
  ['', true],
  ['SFT-8', true],
  ['baseline', true],
  ['first', true],
  ['dpo', false],
  ['lr = 2e-4', true],
  ['lr=0.0002，method = SFT', true],
  ['lr > 1e-4, lr < 1e-3', true],
  ['lr >= 0.001', false],
  ['method != dpo', true],
  ['method != sft', false],
  ['data.shuffle = true', true],
  ['rank = 8', false],
  ['rank != 8', true],
  ['support, method = sft', true],
  ['other, method = sft', false],
])('%s: %s', (text, expected) => expect(finds(text)).toBe(expected))

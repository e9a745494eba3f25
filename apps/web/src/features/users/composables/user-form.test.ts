import { expect, test } from 'vitest'
import { caughtUp } from './user-form.ts'

const before = { name: 'Rosa', role: 'member' } as const
const stored = { name: 'Rosa L.', role: 'viewer' } as const

test.each([
  [{ name: 'Rosa', role: 'manager' } as const, { name: 'Rosa L.', role: 'manager' }],
  [{ name: 'Rosalind', role: 'member' } as const, { name: 'Rosalind', role: 'viewer' }],
  [{ name: 'Rosa ', role: 'member' } as const, stored],
])('%j, where another was first, becomes %j', (written, expected) =>
  expect(caughtUp(written, before, stored)).toEqual(expected),
)

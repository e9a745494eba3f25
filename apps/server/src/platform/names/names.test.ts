import { expect, test } from 'vitest'
import { UniqueViolation } from '../db/index.ts'
import { containing, freeName, nameKey, withFreeName } from './index.ts'

const numbered = { longest: 100, between: '-' }

test('a name that is taken, whatever the case, gets the first free number and stays within its length', () => {
  const taken = new Set(['support-reply', 'support-reply-2', 'x'.repeat(100)].map(nameKey))
  expect(freeName('Support', taken, numbered)).toBe('Support')
  expect(freeName('Support-Reply', taken, numbered)).toBe('Support-Reply-3')
  expect(freeName('x'.repeat(100), taken, numbered)).toBe(`${'x'.repeat(98)}-2`)
})

test('a name that is cut for its number keeps whole characters', () => {
  const long = `${'x'.repeat(97)}😀!`
  expect(freeName(long, new Set([nameKey(long)]), numbered)).toBe(`${'x'.repeat(97)}-2`)
})

test('no key is longer than its name, and a search finds by the same rule', () => {
  expect(nameKey('İ'.repeat(100))).toBe('i'.repeat(100))
  for (let code = 1; code <= 0xffff; code++) {
    const letter = String.fromCharCode(code)
    if (nameKey(letter).length > 1) expect.fail(`U+${code.toString(16)} becomes longer`)
  }
  expect(containing('İ_%!')).toBe('%i!_!%!!%')
})

test('whoever chooses the same name as many others comes through, and who never does is told to try again', async () => {
  let calls = 0
  const work = (collisions: number) => () => {
    calls += 1
    if (calls <= collisions) return Promise.reject(new UniqueViolation('name', null))
    return Promise.resolve('made')
  }
  expect(await withFreeName(work(12))).toBe('made')
  calls = 0
  await expect(withFreeName(work(1000))).rejects.toMatchObject({ code: 'platform.busy' })
  await expect(withFreeName(() => Promise.reject(new Error('else')))).rejects.toThrow('else')
})

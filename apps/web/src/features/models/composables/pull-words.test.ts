import { describe, expect, test } from 'vitest'
import { phaseOf, pullName, shareOf } from './pull-words.ts'

describe('a pull in words', () => {
  test.each([
    ['pulling manifest', 'manifest'],
    ['pulling 6a0746a1ec1a', 'pulling'],
    ['downloading sha256:6a', 'pulling'],
    ['verifying sha256 digest', 'verifying'],
    ['writing manifest', 'writing'],
    ['success', 'writing'],
    ['something new', null],
    [null, null],
  ])('%s', (words, phase) => {
    expect(phaseOf(words)).toBe(phase)
  })

  test('its share is unknown until both sizes are', () => {
    expect(shareOf({ completedBytes: 1, totalBytes: 4 })).toBe(0.25)
    expect(shareOf({ completedBytes: null, totalBytes: 4 })).toBeNull()
    expect(shareOf({ completedBytes: 0, totalBytes: null })).toBeNull()
    expect(shareOf({ completedBytes: 9, totalBytes: 4 })).toBe(1)
  })

  test('names of the library, and what is none', () => {
    for (const name of ['qwen3', 'qwen3:8b', 'hf.co/maker/model-GGUF:Q4_K_M'])
      expect(pullName.test(name)).toBe(true)
    for (const name of ['', '../x', 'a b', 'x:']) expect(pullName.test(name)).toBe(false)
  })
})

import { describe, expect, test } from 'vitest'
import { isValid, numberFields, textsOf, withTexts } from './parameter-form.ts'

const field = (key: string) => numberFields.find((one) => one.key === key)!

describe('parameters as they are typed', () => {
  test.each([
    ['temperature', '2', true],
    ['temperature', '2.1', false],
    ['temperature', '-0.1', false],
    ['temperature', 'warm', false],
    ['topP', '0', true],
    ['maxTokens', '1', true],
    ['maxTokens', '0', false],
    ['maxTokens', '1.5', false],
    ['seed', '2147483647', true],
    ['seed', '2147483648', false],
    ['seed', '', true],
  ])('%s %j: %s', (key, text, valid) => {
    expect(isValid(field(key), text)).toBe(valid)
  })

  test('come back as they went; what is emptied or wrong is left out, the rest stays', () => {
    const parameters = { temperature: 0.2, seed: 42, reasoningEffort: 'low' as const }
    expect(withTexts(parameters, textsOf(parameters))).toEqual(parameters)
    expect(withTexts(parameters, { temperature: '', topP: '7', maxTokens: '100', seed: '42' })).toEqual({
      maxTokens: 100,
      seed: 42,
      reasoningEffort: 'low',
    })
  })
})

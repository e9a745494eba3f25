import { expect, test } from 'vitest'
import { type Draft, variablesIn } from './prompt-draft.ts'

const draft = (text: string, described: Draft['described']): Draft => ({ basedOn: 1, text, described })

test('the variables are those of the text, with what is known of each', () => {
  const described = {
    role: { default: 'operator', description: 'who reads' },
    gone: { default: 'x', description: '' },
  }
  expect(variablesIn(draft('{{line}} {{role}}', described))).toEqual([
    { name: 'line', default: null, description: '' },
    { name: 'role', default: 'operator', description: 'who reads' },
  ])
})

test('what every object has is no description', () => {
  expect(variablesIn(draft('{{constructor}}', {}))).toEqual([
    { name: 'constructor', default: null, description: '' },
  ])
})

import { describe, expect, test } from 'vitest'
import { matching, matchRank } from './entries.ts'

const entry = (label: string, ...words: string[]) => ({ key: label, label, words, icon: {} })

describe('what the palette finds', () => {
  test.each([
    ['Models', ['模型'], 'models', 4],
    ['Models', ['模型'], 'mod', 3],
    ['Users & roles', [], 'roles', 2],
    ['Deployments', [], 'ploy', 1],
    ['Models', ['模型'], '模', 3],
    ['Models', ['模型'], 'xyz', 0],
    ['Anything', [], '', 1],
  ])('%s %j by “%s”: %i', (label, words, asked, rank) => {
    expect(matchRank({ label, words }, asked)).toBe(rank)
  })

  test('the best stands first, the rest in their order', () => {
    const all = [entry('New model'), entry('Tracking'), entry('Models'), entry('Remodel')]
    expect(matching(all, 'model').map((one) => one.label)).toEqual(['Models', 'New model', 'Remodel'])
  })
})

import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test, vi } from 'vitest'
import { ref } from 'vue'
import { ownKey } from '../../../app/own-draft.ts'
import { type Draft, usePromptDraft, variablesIn } from './prompt-draft.ts'

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

const stored = new Map<string, string>()
beforeEach(() => {
  stored.clear()
  setActivePinia(createPinia())
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  })
})

test('a saved draft ends; what another tab has stored since stays', () => {
  const key = ownKey('anneal.prompt-draft.p1')
  const drafting = usePromptDraft(ref('p1'))
  drafting.draft.value = draft('mine', {})
  expect(stored.get(key)).toContain('mine')
  drafting.endSaved()
  expect(stored.has(key)).toBe(false)

  drafting.draft.value = draft('mine', {})
  stored.set(key, JSON.stringify(draft('of another tab', {})))
  drafting.endSaved()
  expect(drafting.draft.value).toBeNull()
  expect(stored.get(key)).toContain('of another tab')
})

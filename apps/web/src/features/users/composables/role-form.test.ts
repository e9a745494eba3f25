import { permissions, withNeeded } from '@anneal/contract/permissions'
import { expect, test } from 'vitest'
import { neededBy, without } from './role-form.ts'

test('what a permission needs is chosen with it, and cannot go before it', () => {
  const chosen = withNeeded(['prompts.write', 'chat.use'])
  expect(chosen).toEqual(['models.read', 'models.use', 'chat.use', 'prompts.read', 'prompts.write'])
  expect(neededBy(chosen, 'models.read')).toEqual(['models.use', 'chat.use'])
  expect(neededBy(chosen, 'chat.use')).toEqual([])
  expect(without(chosen, 'models.use')).toEqual(['models.read', 'prompts.read', 'prompts.write'])
})

test('whatever goes, nothing stays that needs it', () => {
  for (const gone of permissions) {
    const left = without(permissions, gone)
    expect(withNeeded(left), gone).toEqual(left)
  }
})

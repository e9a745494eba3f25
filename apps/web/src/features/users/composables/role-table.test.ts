import { permissions } from '@anneal/contract/permissions'
import { texts as en } from '@anneal/contract/texts/en'
import { texts as zh } from '@anneal/contract/texts/zh'
import { expect, test } from 'vitest'
import { permissionGroups } from './role-table.ts'

test('every permission is in the table once', () => {
  const all = permissionGroups().flatMap((group) => group.permissions)
  expect(all.toSorted()).toEqual([...permissions].toSorted())
})

test.each([
  ['en', en.users.permission],
  ['zh', zh.users.permission],
])('every permission has its words, %s', (_language, words) => {
  const known = words as Record<string, Record<string, string>>
  const missing = permissions.filter((permission) => {
    const [area = '', action = ''] = permission.split('.')
    return !known[area]?.[action]
  })
  expect(missing).toEqual([])
})

test('nothing of what is there now is left over', () => {
  expect(permissionGroups().map(({ group }) => group)).not.toContain('other')
})

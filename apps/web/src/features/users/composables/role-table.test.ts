import { permissions, rolePermissions, roles } from '@anneal/contract/permissions'
import { texts as en } from '@anneal/contract/texts/en'
import { texts as zh } from '@anneal/contract/texts/zh'
import { expect, test } from 'vitest'
import { roleTable } from './role-table.ts'

const rows = roleTable().flatMap((group) => group.rows)

test('every permission is in the table once, with what each role may', () => {
  expect(rows.map((row) => row.permission).toSorted()).toEqual([...permissions].toSorted())
  for (const { permission, may } of rows)
    expect(may, permission).toEqual(roles.map((role) => rolePermissions[role].includes(permission)))
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
  expect(roleTable().map(({ group }) => group)).not.toContain('other')
})

import type { Role } from '@anneal/contract'
import { roles } from '@anneal/contract'
import { expect, test } from 'vitest'
import type { Actor, Context } from '../../platform/context.ts'
import { permissionsOf } from './persons.ts'
import { requireRank } from './ranks.ts'

const as = (actor: Actor) => ({ actor }) as Context
const person = (role: Role): Actor => ({
  kind: 'user',
  userId: 'u',
  name: 'u',
  role,
  permissions: permissionsOf(role),
  groupIds: [],
  sessionId: 's',
})
const given = (actor: Actor): Role[] =>
  roles.filter((role) => {
    try {
      requireRank(as(actor), role)
      return true
    } catch (error) {
      expect(error).toMatchObject({ code: 'auth.role-too-high' })
      return false
    }
  })

test.each([
  ['administrator', ['administrator', 'manager', 'member', 'viewer']],
  ['manager', ['manager', 'member', 'viewer']],
  ['member', ['member', 'viewer']],
  ['viewer', ['viewer']],
] as const)('%s reaches %j', (role, reached) => {
  expect(given(person(role))).toEqual(reached)
})

test('the system reaches all, nobody reaches none', () => {
  expect(given({ kind: 'system', name: 'test' })).toEqual([...roles])
  expect(given({ kind: 'nobody' })).toEqual([])
})

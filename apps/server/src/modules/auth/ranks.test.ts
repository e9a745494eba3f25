import type { BuiltinRole, Permission } from '@anneal/contract'
import { roles } from '@anneal/contract'
import { expect, test } from 'vitest'
import type { Actor, Context } from '../../platform/context.ts'
import { requireReach } from './ranks.ts'
import { permissionsOf } from './roles/role-facts.ts'

const as = (actor: Actor) => ({ actor }) as Context
const person = (role: string, permissions: ReadonlySet<Permission>): Actor => ({
  kind: 'user',
  userId: 'u',
  name: 'u',
  role,
  permissions,
  groupIds: [],
  sessionId: 's',
})
const given = (actor: Actor): BuiltinRole[] =>
  roles.filter((role) => {
    try {
      requireReach(as(actor), permissionsOf(role))
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
  expect(given(person(role, permissionsOf(role)))).toEqual(reached)
})

test('an own role reaches what it may do itself, whatever it is called', () => {
  const looksAfterPeople = new Set<Permission>([...permissionsOf('viewer'), 'users.read', 'users.manage'])
  expect(given(person('people', looksAfterPeople))).toEqual(['viewer'])
  expect(given(person('administrator', new Set()))).toEqual([])
})

test('the system reaches all, nobody reaches none', () => {
  expect(given({ kind: 'system', name: 'test' })).toEqual([...roles])
  expect(given({ kind: 'nobody' })).toEqual([])
})

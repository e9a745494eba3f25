import type { BuiltinRole, ResourceKind, Visibility } from '@anneal/contract'
import { resourceKinds, roles, visibilities } from '@anneal/contract'
import { describe, expect, test } from 'vitest'
import type { UserActor } from '../../platform/context.ts'
import type { GrantRow } from './can.ts'
import { can, isPersonal, mayOf } from './can.ts'
import { permissionsOf } from './roles/role-facts.ts'

function actor(role: BuiltinRole, userId = 'me', groupIds: string[] = []): UserActor {
  const permissions = permissionsOf(role)
  return { kind: 'user', userId, name: userId, role, permissions, groupIds, sessionId: 's' }
}

const resource = (
  kind: ResourceKind,
  visibility: Visibility,
  ownerId = 'other',
  grants: GrantRow[] = [],
) => ({ kind, visibility, ownerId, grants })

describe('what a person may do', () => {
  test('the owner may do all that their role allows', () => {
    expect(mayOf(actor('member'), resource('dataset', 'private', 'me'))).toEqual([
      'read',
      'use',
      'edit',
      'manage',
    ])
    expect(mayOf(actor('viewer'), resource('dataset', 'private', 'me'))).toEqual(['read'])
  })

  test.each(resourceKinds)('nobody but its owner and administrators sees a private %s', (kind) => {
    for (const role of ['manager', 'member', 'viewer'] as const)
      expect(mayOf(actor(role), resource(kind, 'private'))).toEqual([])
    const ofAdministrator = mayOf(actor('administrator'), resource(kind, 'private'))
    expect(ofAdministrator).toHaveLength(isPersonal(kind) ? 0 : 4)
  })

  test('what is for everyone is read by all, used by members, changed by managers', () => {
    const model = resource('model', 'everyone')
    expect(mayOf(actor('viewer'), model)).toEqual(['read'])
    expect(mayOf(actor('member'), model)).toEqual(['read', 'use'])
    expect(mayOf(actor('manager'), model)).toEqual(['read', 'use', 'edit', 'manage'])
  })

  test('a grant counts for its group and its user only, and sleeps while the resource is private', () => {
    const grants: GrantRow[] = [
      { subject_kind: 'group', subject_id: 'g', action: 'edit' },
      { subject_kind: 'user', subject_id: 'you', action: 'use' },
    ]
    const shared = resource('dataset', 'groups', 'other', grants)
    expect(mayOf(actor('member', 'me', ['g']), shared)).toEqual(['read', 'use', 'edit'])
    expect(mayOf(actor('member', 'you'), shared)).toEqual(['read', 'use'])
    expect(mayOf(actor('member', 'g'), shared)).toEqual([])
    expect(mayOf(actor('member', 'me', ['g']), { ...shared, visibility: 'private' })).toEqual([])
  })

  test.each(['conversation', 'comparison'] as const)('a manager cannot change a shared %s', (kind) => {
    expect(can(actor('manager'), 'edit', resource(kind, 'everyone'))).toBe(false)
  })

  test('nobody may do nothing, the system all', () => {
    for (const kind of resourceKinds)
      for (const visibility of visibilities) {
        expect(mayOf({ kind: 'nobody' }, resource(kind, visibility))).toEqual([])
        expect(mayOf({ kind: 'system', name: 'x' }, resource(kind, visibility))).toHaveLength(4)
      }
  })

  test('each action includes those before it', () => {
    const grants: GrantRow[] = [{ subject_kind: 'group', subject_id: 'g', action: 'use' }]
    for (const role of roles)
      for (const kind of resourceKinds)
        for (const visibility of visibilities) {
          const may = mayOf(actor(role, 'me', ['g']), resource(kind, visibility, 'other', grants))
          expect(['read', 'use', 'edit', 'manage'].slice(0, may.length)).toEqual(may)
        }
  })
})

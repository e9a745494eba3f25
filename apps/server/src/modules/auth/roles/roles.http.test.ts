import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuthPlatform } from '../auth.testing.ts'
import { openAuthPlatform, testDialects } from '../auth.testing.ts'
import { createUser } from '../create-user.ts'
import type { People, Someone } from '../users.testing.ts'
import { changesOf, peopleHttp } from '../users.testing.ts'
import { password } from '../auth.testing.ts'

interface RoleReply {
  id: string
  name: string | null
  permissions: string[]
  users: number
  version: number
  secondFactor: boolean
}

describe.each(testDialects)('roles over HTTP on %s', (dialect) => {
  let opened: AuthPlatform
  let http: People
  let admin: Someone
  let manager: Someone
  let made = 0

  beforeAll(async () => {
    opened = await openAuthPlatform(dialect)
    http = await peopleHttp(opened)
    admin = await http.someone('administrator')
    manager = await http.someone('manager')
  })
  afterAll(() => opened.close())

  async function role(permissions: string[], more: object = {}): Promise<RoleReply> {
    const body = { name: `Role ${(made += 1)}`, permissions, ...more }
    const reply = await http.call<RoleReply>(admin, 'POST', '/roles', body)
    expect(reply.status, reply.text).toBe(201)
    return reply.body
  }

  async function holder(roleId: string): Promise<Someone> {
    const email = `own${(made += 1)}@example.com`
    const { id } = await createUser(opened.system, { email, role: roleId, password })
    return { id, email, token: await http.signIn(email) }
  }

  test('the built-in four come first, and what they may do cannot be changed', async () => {
    const { body } = await http.call<{ items: RoleReply[] }>(manager, 'GET', '/roles')
    expect(body.items.slice(0, 4).map((one) => one.id)).toEqual([
      'administrator',
      'manager',
      'member',
      'viewer',
    ])
    const [, , member] = body.items
    const refused = await http.call(admin, 'PATCH', '/roles/member', { version: 1, permissions: [] })
    expect([refused.status, refused.body.code]).toEqual([409, 'auth.role-builtin'])
    const kept = await http.call<RoleReply>(admin, 'PATCH', '/roles/member', {
      version: member?.version,
      secondFactor: true,
    })
    expect([kept.status, kept.body.secondFactor]).toEqual([200, true])
    await http.call(admin, 'PATCH', '/roles/member', { version: kept.body.version, secondFactor: false })
    const gone = await http.call(admin, 'DELETE', '/roles/member?version=1&moveTo=viewer')
    expect(gone.body.code).toBe('auth.role-builtin')
  })

  test('an own role lets do what it says, with what that needs, and no more', async () => {
    const seen = changesOf(opened, 'role')
    const own = await role(['prompts.write', 'audit.read'])
    expect(own.permissions.toSorted()).toEqual(['audit.read', 'prompts.read', 'prompts.write'])
    const someone = await holder(own.id)
    const statuses = await Promise.all(
      ['/prompts', '/audit', '/models', '/users'].map(
        async (url) => (await http.call(someone, 'GET', url)).status,
      ),
    )
    // Of the routes of other modules this server knows the permission alone.
    expect(statuses.map((status) => status === 403)).toEqual([false, false, true, true])
    const me = await http.call<{ roleName: string; permissions: string[] }>(someone, 'GET', '/auth/me')
    expect([me.body.roleName, me.body.permissions]).toEqual([own.name, own.permissions])
    expect(seen).toContain(`${own.id} created`)
  })

  test('a change binds whoever has the role, at once', async () => {
    const own = await role(['users.read'])
    const someone = await holder(own.id)
    expect((await http.call(someone, 'GET', '/users')).status).toBe(200)
    const changed = await http.call<RoleReply>(admin, 'PATCH', `/roles/${own.id}`, {
      version: own.version,
      permissions: ['models.read'],
    })
    expect(changed.status).toBe(200)
    expect((await http.call(someone, 'GET', '/users')).status).toBe(403)
    const stale = await http.call(admin, 'PATCH', `/roles/${own.id}`, { version: own.version, name: 'x' })
    expect([stale.status, stale.body.code]).toEqual([409, 'platform.stale-version'])
  })

  test('nobody makes, changes or gives a role that may do more than they may', async () => {
    const own = await role(['users.manage', 'roles.manage', 'models.read'])
    const someone = await holder(own.id)
    const above = await http.call(someone, 'POST', '/roles', { name: 'Above', permissions: ['audit.read'] })
    expect([above.status, above.body.code]).toEqual([403, 'auth.role-too-high'])
    const raised = await http.call(someone, 'PATCH', `/roles/${own.id}`, {
      version: own.version,
      permissions: [...own.permissions, 'settings.manage'],
    })
    expect(raised.body.code).toBe('auth.role-too-high')
    const demote = await http.call(someone, 'PATCH', `/users/${admin.id}`, { version: 1, role: own.id })
    expect(demote.body.code).toBe('auth.role-too-high')
    const invited = await http.call(someone, 'POST', '/invitations', { email: 'a@b.example', role: 'member' })
    expect(invited.body.code).toBe('auth.role-too-high')
    const fine = await http.call(someone, 'POST', '/invitations', { email: 'a@b.example', role: own.id })
    expect([fine.status, fine.body.roleName]).toEqual([201, own.name])
    expect((await http.call(manager, 'POST', '/roles', { name: 'M', permissions: [] })).status).toBe(403)
  })

  test('a role that someone has goes only with another named for them; names are unique', async () => {
    const own = await role(['models.read'])
    const someone = await holder(own.id)
    const used = await http.call(admin, 'DELETE', `/roles/${own.id}?version=${own.version}`)
    expect([used.status, used.body.code]).toEqual([409, 'auth.role-in-use'])
    const lost = await http.call(admin, 'DELETE', `/roles/${own.id}?version=${own.version}&moveTo=${own.id}`)
    expect(lost.body.code).toBe('auth.role-not-found')
    const twin = await http.call(admin, 'POST', '/roles', { name: own.name?.toUpperCase(), permissions: [] })
    expect([twin.status, twin.body.code]).toEqual([409, 'auth.role-name-taken'])
    const done = await http.call(admin, 'DELETE', `/roles/${own.id}?version=${own.version}&moveTo=viewer`)
    expect(done.status, done.text).toBe(204)
    const after = await http.call(someone, 'GET', '/auth/me')
    expect([after.body.role, after.body.roleName]).toEqual(['viewer', null])
    const unknown = await http.call(admin, 'PATCH', `/users/${someone.id}`, { version: 2, role: own.id })
    expect([unknown.status, unknown.body.code]).toEqual([404, 'auth.role-not-found'])
  })
})

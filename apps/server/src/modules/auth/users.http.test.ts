import type { Role } from '@anneal/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../../../../tests/support/until.ts'
import type { AuthPlatform } from './auth.testing.ts'
import { auditActions, openAuthPlatform, password, testDialects } from './auth.testing.ts'
import { contextForUser } from './authenticate.ts'
import { onEnded } from './ended.ts'
import { updateUser } from './update-user.ts'
import type { People, Someone } from './users.testing.ts'
import { changesOf, peopleHttp } from './users.testing.ts'

interface Listed {
  items: { id: string; email: string; name: string; role: Role; disabled: boolean; version: number }[]
  nextCursor: string | null
  total: number
}

describe.each(testDialects)('users on %s', (dialect) => {
  let opened: AuthPlatform
  let people: People
  let root: Someone
  beforeAll(async () => {
    opened = await openAuthPlatform(dialect)
    people = await peopleHttp(opened)
    root = await people.someone('administrator')
  })
  afterAll(async () => {
    await people.app.close()
    await opened.close()
  })

  const list = async (query: string) => (await people.call<Listed>(root, 'GET', `/users${query}`)).body
  const change = (who: Someone | null, id: string, body: object) =>
    people.call(who, 'PATCH', `/users/${id}`, body)

  describe('the list', () => {
    beforeAll(async () => {
      for (const [email, name] of [
        ['zoe@example.com', 'Åsa Öberg'],
        ['liu@example.com', '刘伟'],
        ['per_cent@example.com', '100% Real'],
      ] as const) {
        const made = await people.call<{ id: string }>(root, 'POST', '/users', {
          email,
          name,
          role: 'viewer',
          password,
        })
        expect(made.status).toBe(201)
      }
    })

    test.each([
      ['åSA', ['zoe@example.com']],
      ['ZOE@', ['zoe@example.com']],
      ['刘', ['liu@example.com']],
      ['100%', ['per_cent@example.com']],
      ['r_c', ['per_cent@example.com']],
      ['%', ['per_cent@example.com']],
      ['!', []],
      ["' or 1=1 --", []],
    ])('finds %s in names and addresses', async (search, found) => {
      const { items, total } = await list(`?search=${encodeURIComponent(search)}`)
      expect([items.map((one) => one.email), total]).toEqual([found, found.length])
    })

    test('filters by role and state, and counts what is left', async () => {
      const viewers = await list('?role=viewer')
      expect([viewers.total, viewers.items.every((one) => one.role === 'viewer')]).toEqual([3, true])
      const [one] = viewers.items
      await change(root, one!.id, { version: 1, disabled: true })
      expect((await list('?role=viewer&state=disabled')).items.map(({ id }) => id)).toEqual([one!.id])
      expect((await list('?role=viewer&state=active')).total).toBe(2)
    })

    test.each(['created', 'seen'])('is paged by %s without gap or repetition', async (sort) => {
      const all = (await list(`?limit=200&sort=${sort}`)).items.map(({ id }) => id)
      const paged: string[] = []
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: Listed = await list(`?limit=2&sort=${sort}${cursor && `&cursor=${cursor}`}`)
        paged.push(...page.items.map(({ id }) => id))
        cursor = page.nextCursor
      }
      expect(paged).toEqual(all)
      expect(new Set(paged).size).toBe(all.length)
    })

    test('who was here last comes first, who never came last', async () => {
      const last = await people.someone('member')
      const { items } = await list('?limit=200&sort=seen')
      expect(items[0]?.id).toBe(last.id)
      expect(items.at(-1)?.email).toMatch(/zoe|liu|per_cent/)
    })
  })

  test.each([
    ['manager', 200, 403],
    ['member', 403, 403],
    ['viewer', 403, 403],
    [null, 401, 401],
  ] as const)('%s: the list answers %i, a change %i', async (role, read, write) => {
    const who = role ? await people.someone(role) : null
    const target = await people.someone('viewer')
    expect((await people.call(who, 'GET', '/users')).status).toBe(read)
    expect((await people.call(who, 'GET', `/users/${target.id}`)).status).toBe(read)
    for (const [method, url, body] of [
      ['PATCH', `/users/${target.id}`, { version: 1, role: 'administrator' }],
      ['POST', `/users/${target.id}/reset-link`, undefined],
      ['GET', `/users/${target.id}/sessions`, undefined],
      ['DELETE', `/users/${target.id}/sessions`, undefined],
      ['GET', '/invitations', undefined],
      ['POST', '/invitations', { email: 'x@example.com', role: 'viewer' }],
    ] as const)
      expect((await people.call(who, method, url, body)).status, `${method} ${url}`).toBe(write)
    expect((await people.call(target, 'GET', '/auth/me')).body).toMatchObject({ role: 'viewer' })
  })

  test('a changed role counts at once, is audited, and is told', async () => {
    const changes = changesOf(opened, 'user')
    const who = await people.someone('viewer')
    expect((await people.call(who, 'GET', '/auth/me')).body['permissions']).not.toContain('chat.use')
    const reply = await change(root, who.id, { version: 1, role: 'member', name: ' Mira ' })
    expect(reply).toMatchObject({ status: 200, body: { role: 'member', name: 'Mira', version: 2 } })
    expect((await people.call(who, 'GET', '/auth/me')).body['permissions']).toContain('chat.use')
    expect(await auditActions(opened)).toContain('user.role-changed')
    await until(() => changes.includes(`${who.id} updated`))
  })

  test('a stale version answers 409 with what is there now; of two at once one is told', async () => {
    const who = await people.someone('viewer')
    await change(root, who.id, { version: 1, name: 'First' })
    const stale = await change(root, who.id, { version: 1, name: 'Second' })
    expect(stale.status).toBe(409)
    expect(stale.body).toMatchObject({
      code: 'platform.stale-version',
      current: { name: 'First', version: 2 },
    })
    const both = await Promise.all(['A', 'B'].map((name) => change(root, who.id, { version: 2, name })))
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
  })

  test('bad input is refused, an unknown user is not found', async () => {
    const who = await people.someone('viewer')
    for (const body of [{}, { version: 0 }, { version: 1, role: 'owner' }, { version: 1, name: ' ' }])
      expect((await change(root, who.id, body)).status).toBe(422)
    const unknown = '00000000-0000-7000-8000-000000000000'
    expect((await change(root, unknown, { version: 1 })).body).toMatchObject({
      code: 'auth.account-not-found',
    })
  })

  test('who is disabled is out at once with every session, and comes back by a new one alone', async () => {
    const who = await people.someone('member')
    const other = await people.signIn(who.email)
    const ended: unknown[] = []
    const stop = onEnded(opened.platform, (one) => ended.push(one))
    expect((await change(root, who.id, { version: 1, disabled: true })).body).toMatchObject({
      disabled: true,
    })
    stop()
    expect(ended).toContainEqual({ userId: who.id })
    for (const token of [who.token, other])
      expect((await people.call({ token }, 'GET', '/auth/me')).status).toBe(401)
    const refused = await people.call(null, 'POST', '/auth/sign-in', { email: who.email, password })
    expect(refused.body).toMatchObject({ code: 'auth.wrong-credentials' })
    await change(root, who.id, { version: 2, disabled: false })
    expect((await people.call(who, 'GET', '/auth/me')).status).toBe(401)
    expect(await people.signIn(who.email)).toBeTruthy()
    expect(await auditActions(opened)).toEqual(expect.arrayContaining(['user.disabled', 'user.enabled']))
  })
})

describe.each(testDialects)('the last administrator on %s', (dialect) => {
  let opened: AuthPlatform
  let people: People
  beforeAll(async () => {
    opened = await openAuthPlatform(dialect)
    people = await peopleHttp(opened)
  })
  afterAll(async () => {
    await people.app.close()
    await opened.close()
  })
  const change = (who: Someone, id: string, body: object) => people.call(who, 'PATCH', `/users/${id}`, body)
  const governing = async (who: Someone) =>
    (await people.call<Listed>(who, 'GET', '/users?role=administrator&state=active')).body.items

  test('stays, and may step down once there is another', async () => {
    const root = await people.someone('administrator')
    for (const body of [{ disabled: true }, { role: 'manager' }, { role: 'viewer', disabled: true }]) {
      const refused = await change(root, root.id, { version: 1, ...body })
      expect(refused).toMatchObject({ status: 409, body: { code: 'auth.last-administrator' } })
    }
    expect((await change(root, root.id, { version: 1, name: 'Root' })).status).toBe(200)
    const second = await people.someone('administrator')
    expect((await change(root, root.id, { version: 2, role: 'viewer' })).status).toBe(200)
    const disabled = await people.someone('administrator')
    await change(second, disabled.id, { version: 1, disabled: true })
    // A disabled one governs nothing: the second is the last again.
    expect((await change(second, second.id, { version: 1, disabled: true })).status).toBe(409)
    await change(second, root.id, { version: 3, role: 'administrator' })
    await change(second, second.id, { version: 1, disabled: true })
    expect((await governing(root)).map(({ id }) => id)).toEqual([root.id])
  })

  test.each([
    ['demote', { role: 'member' as const }],
    ['disable', { disabled: true }],
  ])('of two who %s each other at the same moment, one stays; ten times', async (_what, body) => {
    for (let round = 0; round < 10; round += 1) {
      const one = await people.someone('administrator')
      const two = await people.someone('administrator')
      for (const other of (await governing(one)).filter(({ id }) => id !== one.id && id !== two.id))
        expect((await change(one, other.id, { version: other.version, role: 'viewer' })).status).toBe(200)
      // Past the door already, both of them: the database alone decides.
      const [asOne, asTwo] = [
        await contextForUser(opened.platform, one.id),
        await contextForUser(opened.platform, two.id),
      ]
      const both = await Promise.allSettled([
        updateUser(asOne, two.id, { version: 1, ...body }),
        updateUser(asTwo, one.id, { version: 1, ...body }),
      ])
      const left = both[0].status === 'fulfilled' ? one : two
      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
      expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { code: 'auth.last-administrator' },
      })
      expect((await governing(left)).map(({ id }) => id)).toEqual([left.id])
    }
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../../../../tests/support/until.ts'
import type { AuthTables } from './auth.tables.ts'
import type { AuthPlatform } from './auth.testing.ts'
import { auditActions, openAuthPlatform, password, testDialects } from './auth.testing.ts'
import { pruneAuth } from './prune.ts'
import type { People, Someone } from './users.testing.ts'
import { changesOf, peopleHttp } from './users.testing.ts'

const day = 86_400_000
const another = 'six green birds and a door'
interface Sessions {
  items: { id: string; current: boolean; kind: string }[]
}

describe.each(testDialects)("one's own account on %s", (dialect) => {
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

  const sessionsOf = async (who: { token: string }) =>
    (await people.call<Sessions>(who, 'GET', '/auth/sessions')).body.items
  const isIn = async (token: string) => (await people.call({ token }, 'GET', '/auth/me')).status === 200

  test('name and language are changed by their owner, audited once each, and nothing is written for nothing', async () => {
    const who = await people.someone('viewer')
    const before = (await auditActions(opened)).length
    const change = (body: object) => people.call(who, 'PATCH', '/auth/me', body)
    expect((await change({ name: 'Mira', language: 'zh' })).body).toMatchObject({
      name: 'Mira',
      language: 'zh',
    })
    expect((await change({ language: 'zh' })).body).toMatchObject({ name: 'Mira', language: 'zh' })
    expect((await change({})).status).toBe(200)
    expect((await change({ language: null })).body).toMatchObject({ language: null })
    expect((await change({ language: 'fr' })).status).toBe(422)
    expect((await change({ name: '' })).status).toBe(422)
    expect((await change({ role: 'administrator' })).body).toMatchObject({ role: 'viewer' })
    expect((await auditActions(opened)).slice(before)).toEqual(['user.updated', 'user.updated'])
    expect((await people.call(null, 'PATCH', '/auth/me', { name: 'x' })).status).toBe(401)
  })

  test('the password is changed with the present one, and every other session ends', async () => {
    const who = await people.someone('viewer')
    const other = await people.signIn(who.email)
    const change = (body: object, as: { token: string } | null = who) =>
      people.call(as, 'POST', '/auth/me/password', body)
    expect((await change({ current: 'wrong', password: another })).body).toMatchObject({
      status: 422,
      code: 'auth.wrong-password',
    })
    expect((await change({ current: password, password: 'passwordpassword' })).status).toBe(422)
    expect(await isIn(other)).toBe(true)
    expect((await change({ current: password, password: another })).status).toBe(204)
    expect([await isIn(who.token), await isIn(other)]).toEqual([true, false])
    expect(await people.signIn(who.email)).toBeUndefined()
    expect(await people.signIn(who.email, another)).toBeTruthy()
    expect((await change({ current: another, password }, null)).status).toBe(401)
  })

  test('guesses at the present password are slowed down', async () => {
    const who = await people.someone('viewer')
    const guess = () => people.call(who, 'POST', '/auth/me/password', { current: 'wrong', password: another })
    const statuses: number[] = []
    for (let count = 0; count < 10; count += 1) statuses.push((await guess()).status)
    expect(statuses).toEqual([...Array<number>(9).fill(422), 429])
  })

  test('a key changes no password', async () => {
    const who = await people.someone('member')
    const { body } = await people.call<{ key: string }>(who, 'POST', '/keys', { name: 'script' })
    const refused = await people.call({ token: body.key }, 'POST', '/auth/me/password', {
      current: password,
      password: another,
    })
    expect(refused.body).toMatchObject({ status: 403, code: 'auth.session-needed' })
  })

  test('sessions are listed with the present one marked, and ended one by one or all but this', async () => {
    const changes = changesOf(opened, 'session')
    const who = await people.someone('viewer')
    const tokens = [await people.signIn(who.email), await people.signIn(who.email)]
    const listed = await sessionsOf(who)
    expect(listed.map(({ current }) => current)).toEqual([false, false, true])
    expect((await people.call(who, 'DELETE', `/sessions/${listed[0]!.id}`)).status).toBe(204)
    expect(await isIn(tokens[1]!)).toBe(false)
    const again = await people.call(who, 'DELETE', `/sessions/${listed[0]!.id}`)
    expect(again.body).toMatchObject({ code: 'auth.session-not-found' })
    expect((await people.call(who, 'POST', '/auth/sessions/end-others')).body).toEqual({ ended: 1 })
    expect([await isIn(tokens[0]!), await isIn(who.token)]).toEqual([false, true])
    await until(() => changes.includes(`${listed[1]!.id} deleted`))
  })

  test("another's session is nobody's business but of who manages users", async () => {
    const who = await people.someone('viewer')
    const [session] = await sessionsOf(who)
    for (const role of ['viewer', 'member', 'manager'] as const) {
      const refused = await people.call(await people.someone(role), 'DELETE', `/sessions/${session!.id}`)
      expect(refused.body).toMatchObject({ status: 404, code: 'auth.session-not-found' })
    }
    expect((await people.call(null, 'DELETE', `/sessions/${session!.id}`)).status).toBe(401)
    const seen = await people.call<Sessions>(root, 'GET', `/users/${who.id}/sessions`)
    expect(seen.body.items).toMatchObject([{ id: session!.id, current: false, kind: 'program' }])
    expect((await people.call(root, 'DELETE', `/sessions/${session!.id}`)).status).toBe(204)
    expect(await isIn(who.token)).toBe(false)
    await people.signIn(who.email)
    await people.signIn(who.email)
    expect((await people.call(root, 'DELETE', `/users/${who.id}/sessions`)).body).toEqual({ ended: 2 })
    expect((await people.call(root, 'GET', `/users/${who.id}`)).body).toMatchObject({ sessions: 0, keys: 0 })
  })

  test('a key makes no key, whatever its scopes; it may end one', async () => {
    const who = await people.someone('member')
    const make = (as: { token: string }) =>
      people.call<{ id: string; key: string; code: string }>(as, 'POST', '/keys', { name: 'script' })
    const made = (await make(who)).body
    const key = { token: made.key }
    expect(await make(key)).toMatchObject({ status: 403, body: { code: 'auth.session-needed' } })
    expect((await people.call(key, 'DELETE', `/keys/${made.id}`)).status).toBe(204)
  })

  test('tokens of sessions that ended long ago are deleted, of those that live they stay', async () => {
    const who = await people.someone('viewer')
    const [old] = await sessionsOf(who)
    await people.call(who, 'POST', '/auth/sign-out')
    opened.passTime(31 * day)
    const alive = { token: await people.signIn(who.email) }
    const [kept] = await sessionsOf(alive)
    expect(await pruneAuth(opened.platform)).toBeGreaterThan(0)
    expect(await pruneAuth(opened.platform)).toBe(0)
    const rows = await opened.platform.db.read.dynamic<AuthTables, { session_id: string }>((k) =>
      k.selectFrom('refresh_token').select('session_id'),
    )
    const ids = rows.map((row) => row.session_id)
    expect([ids.includes(old!.id), ids.includes(kept!.id)]).toEqual([false, true])
    expect(await isIn(alive.token)).toBe(true)
  })
})

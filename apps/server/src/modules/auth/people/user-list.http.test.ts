import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuthPlatform } from '../auth.testing.ts'
import { openAuthPlatform, testDialects } from '../auth.testing.ts'
import { insertTotp } from '../factors/factors.repo.ts'
import { createGroup } from '../groups/create-group.ts'
import { changeGroupMembers } from '../groups/change-members.ts'
import type { People, Someone } from '../users.testing.ts'
import { peopleHttp } from '../users.testing.ts'
import { insertUserIn } from '../insert-user.ts'
import { write } from '../../../platform/write.ts'
import { userSeen } from '../users.repo.ts'

interface Page {
  items: { id: string; name: string; factor: string; groups: { name: string }[] }[]
  nextCursor: string | null
  total: number
}

describe.each(testDialects)('the list of users on %s', (dialect) => {
  let opened: AuthPlatform
  let people: People
  let administrator: Someone
  const made: string[] = []

  async function insert(name: string, role: string, seenAt: number | null): Promise<string> {
    const user = await write(opened.system, (tx) =>
      insertUserIn(opened.system, tx, {
        email: `${name.toLowerCase().replaceAll(' ', '.')}@list.example`,
        name,
        role,
        passwordHash: null,
        language: null,
      }),
    )
    if (seenAt !== null)
      await opened.platform.db.transaction((tx) => tx.run(userSeen, { id: user.id, now: seenAt }))
    made.push(user.id)
    return user.id
  }

  beforeAll(async () => {
    opened = await openAuthPlatform(dialect)
    people = await peopleHttp(opened)
    administrator = await people.someone('administrator')
    // Same names, same times and people who never came: what a cursor trips over.
    for (let n = 0; n < 9; n += 1)
      await insert(
        n % 3 === 0 ? 'Ada Same' : `Person ${n}`,
        n % 2 === 0 ? 'member' : 'viewer',
        n < 5 ? 1000 * (n >> 1) : null,
      ).catch(() => insert(`Ada Same ${n}`, 'member', null))
  })
  afterAll(() => opened.close())

  async function all(query: string): Promise<Page['items']> {
    const items: Page['items'] = []
    let cursor: string | null = null
    do {
      const at: string = cursor ? `&cursor=${cursor}` : ''
      const { status, body } = await people.call<Page>(administrator, 'GET', `/users?limit=2${query}${at}`)
      expect(status).toBe(200)
      items.push(...body.items)
      cursor = body.nextCursor
    } while (cursor)
    return items
  }

  test.each(['name', 'role', 'seen', 'created'])(
    'sorted by %s, pages of two hold everyone once',
    async (sort) => {
      for (const order of ['asc', 'desc']) {
        const items = await all(`&sort=${sort}&order=${order}`)
        const ids = items.map(({ id }) => id)
        expect(new Set(ids).size).toBe(ids.length)
        expect(ids.toSorted()).toEqual([...made, administrator.id].toSorted())
        if (sort === 'name') {
          const keys = items.map(({ name }) => name.toLowerCase())
          expect(keys).toEqual(order === 'asc' ? keys.toSorted() : keys.toSorted().toReversed())
        }
      }
    },
  )

  test('filters by group and second factor, and says both of each', async () => {
    const [first, second] = made as [string, string]
    const group = await createGroup(opened.system, { name: `Readers ${dialect}`, description: '' })
    await changeGroupMembers(opened.system, group.id, { add: [{ userId: first }], remove: [] })
    await opened.platform.db.transaction((tx) =>
      tx.run(insertTotp, { user_id: second, secret: 'x', last_step: 0, created_at: 1, last_used_at: null }),
    )
    const grouped = await all(`&group=${group.id}`)
    expect(grouped.map(({ id }) => id)).toEqual([first])
    expect(grouped[0]?.groups.map(({ name }) => name)).toEqual([`Readers ${dialect}`])
    const withFactor = await all('&factor=on')
    expect(withFactor.map(({ id, factor }) => [id, factor])).toEqual([[second, 'totp']])
    expect(await all('&factor=off')).toHaveLength(made.length)
  })

  test('a cursor that is none, and one of another order, begins anew', async () => {
    const { status, body } = await people.call<Page>(
      administrator,
      'GET',
      '/users?limit=50&cursor=xyz&sort=name',
    )
    expect(status).toBe(200)
    expect(body.items).toHaveLength(made.length + 1)
  })
})

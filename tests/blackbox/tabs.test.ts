import { afterAll, beforeAll, expect, test } from 'vitest'
import { admin, startServer, type TestServer } from '../support/server.ts'
import { sql } from './support/sql.ts'
import { audit, makeUser, unique } from './support/world.ts'

const tabs = 50
const rounds = 200

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.close())

async function refresh(cookie: string): Promise<{ status: number; cookie: string; code?: string }> {
  const reply = await server.client().send('auth.refresh', {}, { headers: { cookie } })
  const body = (await reply.json()) as { code?: string }
  return {
    status: reply.status,
    cookie: reply.headers.getSetCookie()[0]?.split(';')[0] ?? '',
    ...(body.code ? { code: body.code } : {}),
  }
}

test(
  `${tabs} tabs that refresh at once, ${rounds} times: nobody is out, and nobody is taken for a thief`,
  { timeout: 240_000 },
  async () => {
    const administrator = await server.adminClient()
    const { client } = await makeUser(server, administrator, 'member')
    let cookie = client.cookie ?? ''
    for (let round = 0; round < rounds; round += 1) {
      const replies = await Promise.all(Array.from({ length: tabs }, () => refresh(cookie)))
      expect(
        replies.filter(({ status }) => status !== 200),
        `round ${round}`,
      ).toEqual([])
      const next = new Set(replies.map((reply) => reply.cookie))
      expect(next.size, `round ${round}`).toBe(1)
      cookie = [...next][0] ?? ''
    }
    expect((await audit(administrator)).map(({ action }) => action)).not.toContain('session.reuse-detected')
    expect((await refresh(cookie)).status).toBe(200)
  },
)

test('one that was stolen, and comes after the grace, ends the family', async () => {
  const administrator = await server.adminClient()
  const { client } = await makeUser(server, administrator, 'member')
  const stolen = client.cookie ?? ''
  const { cookie } = await refresh(stolen)
  // As if it had been replaced a minute ago.
  await sql(
    server,
    'update refresh_token set replaced_at = replaced_at - 60000 where replaced_at is not null',
  )
  expect(await refresh(stolen)).toMatchObject({ status: 401, code: 'auth.session-ended' })
  expect(await refresh(cookie)).toMatchObject({ status: 401, code: 'auth.session-ended' })
  expect((await client.send('auth.me')).status).toBe(401)
  expect((await audit(administrator)).map(({ action }) => action)).toContain('session.reuse-detected')
})

test('whether an account exists shows neither in words nor in time', async () => {
  const times = { known: [] as number[], unknown: [] as number[] }
  const words = new Set<string>()
  for (let guess = 0; guess < 8; guess += 1)
    for (const kind of ['known', 'unknown'] as const) {
      const email = kind === 'known' ? admin.email : `${unique('nobody')}@example.com`
      const began = performance.now()
      const reply = await server.client().send('auth.signIn', { body: { email, password: 'not this one' } })
      times[kind].push(performance.now() - began)
      const { requestId: _, ...problem } = (await reply.json()) as Record<string, unknown>
      words.add(JSON.stringify(problem))
    }
  const median = (list: number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0
  const ratio = median(times.known) / median(times.unknown)
  expect(words.size).toBe(1)
  expect(ratio).toBeGreaterThan(0.6)
  expect(ratio).toBeLessThan(1.7)
})

import { describe, expect, test } from 'vitest'
import { as, callTo, filled, id, reached, refusals, table, useHttp } from './testing/http-under-test.ts'

const under = useHttp()
const call = callTo(under)

describe('who may', () => {
  test.each(Object.entries(table))('nobody at %s: 401 unless it is public', async (_name, route) => {
    const reply = await call(filled(route), { method: route.method })
    await reply.body?.cancel()
    if (route.permission === 'public') expect([route.dialect, reply.status]).not.toEqual(['problem', 401])
    else {
      expect(reply.status).toBe(401)
      expect(reached).toEqual([])
    }
    expect(refusals).toEqual([])
  })

  test('a missing permission is refused, and the refusal is kept', async () => {
    const reply = await call('/api/v1/audit', { headers: as('user') })
    expect(reply.status).toBe(403)
    expect(await reply.json()).toMatchObject({ code: 'auth.forbidden' })
    expect(refusals).toEqual(['admin.audit auth.forbidden'])
  })

  test('a key needs the scope of what it asks for', async () => {
    expect((await call(`/api/v1/datasets/${id}/bad-rows`, { headers: as('key') })).status).toBe(200)
    const reply = await call(`/api/v1/datasets/${id}`, { method: 'DELETE', headers: as('key') })
    expect([reply.status, refusals]).toEqual([403, ['datasets.delete auth.scope-missing']])
  })

  test('an ended session is told so', async () => {
    const reply = await call('/api/v1/datasets', { headers: { authorization: 'Bearer old' } })
    expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([
      401,
      'auth.session-ended',
    ])
  })

  test('another host name, and a write that comes from another page, are refused', async () => {
    const { default: node } = await import('node:http')
    const status = await new Promise((resolve) => {
      const request = node.get(
        { port: under.listening.port, host: '127.0.0.1', path: '/', headers: { host: 'evil.example' } },
        (reply) => {
          reply.resume()
          resolve(reply.statusCode)
        },
      )
      request.end()
    })
    expect(status).toBe(421)
    const foreign = await call('/api/v1/auth/sign-out', {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    })
    expect([foreign.status, ((await foreign.json()) as { code: string }).code]).toEqual([
      403,
      'platform.wrong-origin',
    ])
  })
})

import { createHttp, openStaticPage } from './index.ts'
import { describe, expect, test } from 'vitest'
import { callTo, json, platform, useHttp } from './testing/http-under-test.ts'

const under = useHttp()
const call = callTo(under)

describe('the page and what is not there', () => {
  test('the page answers at its own addresses, with its policy', async () => {
    for (const url of ['/', '/training/new', '/chat/x.y']) {
      const reply = await call(url, { headers: { accept: 'text/html' } })
      expect(await reply.text()).toContain('<title>page')
      expect(reply.headers.get('content-security-policy')).toContain("script-src 'self'")
      expect(reply.headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe/)
      expect(reply.headers.get('cache-control')).toBe('no-cache')
    }
  })

  test('hashed files are kept for ever, compressed where the reader takes it, and 304 where known', async () => {
    const reply = await call('/assets/app-abc.js', { headers: { 'accept-encoding': 'identity' } })
    expect(await reply.text()).toBe('console.log(1)')
    expect(reply.headers.get('cache-control')).toContain('immutable')
    const known = await call('/assets/app-abc.js', {
      headers: { 'if-none-match': reply.headers.get('etag') ?? '' },
    })
    expect(known.status).toBe(304)
    const { app } = under.http
    const packed = await app.inject({
      url: '/assets/app-abc.js',
      headers: { host: 'localhost', 'accept-encoding': 'gzip, br' },
    })
    expect([packed.headers['content-encoding'], packed.body]).toEqual(['br', 'compressed'])
  })

  test.each([
    ['/api/v1/none', {}, 'application/problem+json; charset=utf-8'],
    [
      '/api/none',
      { code: 'platform.no-such-route', message: expect.any(String) },
      'application/json; charset=utf-8',
    ],
    [
      '/v1/none',
      { error: expect.objectContaining({ type: 'invalid_request_error' }) },
      'application/json; charset=utf-8',
    ],
    ['/assets/none.js', {}, 'application/problem+json; charset=utf-8'],
  ])('%s is not there, in the shape of its readers', async (url, body, type) => {
    const reply = await call(url)
    expect([reply.status, reply.headers.get('content-type')]).toEqual([404, type])
    expect(await reply.json()).toMatchObject(body)
  })

  test('SwanLab reads its own errors', async () => {
    const reply = await call('/api/house/metrics', { method: 'POST', headers: json, body: '{}' })
    expect([reply.status, await reply.json()]).toEqual([
      401,
      { code: 'auth.unauthenticated', message: expect.any(String) },
    ])
  })
})

test('a missing handler stops the start and is named', () => {
  const options = {
    platform,
    authority: {} as never,
    idempotently: async () => null,
    page: openStaticPage(under.folder),
  }
  expect(() => createHttp({ ...options, handlers: {} })).toThrow(
    'No handler for these routes: platform.health',
  )
})

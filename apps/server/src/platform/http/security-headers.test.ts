import { writeFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { as, id, json, table, useHttp } from './testing/http-under-test.ts'

const plain = useHttp()
const secure = useHttp(undefined, { publicUrl: 'https://anneal.example.com' })
const bare = useHttp(undefined, { publicUrl: null })
const proxied = useHttp(undefined, { publicUrl: null, trustProxy: true })

interface Reply {
  status: number
  headers: http.IncomingHttpHeaders
  body: string
}

/** The address goes out as it is written: no client tidies it. */
function ask(
  under: typeof plain,
  path_: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: '127.0.0.1',
        port: under.listening.port,
        path: path_,
        method: options.method ?? 'GET',
        headers: {
          host: 'localhost',
          ...(options.body === undefined ? {} : { 'content-length': options.body.length }),
          ...options.headers,
        },
        agent: false,
      },
      (reply) => {
        let body = ''
        reply.on('data', (chunk: Buffer) => (body += chunk))
        reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body }))
      },
    )
    request.on('error', reject)
    request.end(options.body)
  })
}

const answers: [what: string, path: string, options: Parameters<typeof ask>[2]][] = [
  ['the page', '/', { headers: { accept: 'text/html' } }],
  ['a script', '/assets/app-abc.js', {}],
  ['a reply', `/api/v1/datasets/${id}/bad-rows`, { headers: as('user') }],
  ['a download', `/api/v1/datasets/${id}/download`, { headers: as('user') }],
  ['a text', '/api', {}],
  ['a redirect', '/@w/p/runs/r', {}],
  ['a refusal', '/api/v1/audit', { headers: as('user') }],
  ['an unforeseen error', `/api/v1/datasets/${id}/rows`, { headers: as('user') }],
  ['what is not there', '/api/v1/none', {}],
  ['a method that nothing has', '/api/v1/health', { method: 'DELETE' }],
  ['bad JSON', '/api/v1/generations', { method: 'POST', headers: as('user', json), body: '{' }],
  ['another host', '/', { headers: { host: 'evil.example' } }],
  [
    'a write from elsewhere',
    '/api/v1/auth/sign-out',
    { method: 'POST', headers: { origin: 'https://evil.example' } },
  ],
]

describe('every answer', () => {
  test.each(answers)(
    '%s: has the headers, and says nothing of the inside',
    async (_what, address, options) => {
      const { headers, body } = await ask(plain, address, options)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'x-frame-options': 'DENY',
        'x-permitted-cross-domain-policies': 'none',
        'permissions-policy': expect.stringContaining('camera=()'),
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      })
      for (const name of Object.keys(headers))
        expect(name).not.toMatch(/^(server|x-powered-by|access-control-)/)
      expect(JSON.stringify(headers) + body).not.toMatch(/node_modules|\.ts:\d|at .*\(|fastify|FST_|1\.2\.3/i)
      if (address.startsWith('/api')) expect(headers['cache-control']).toContain('no-store')
    },
  )

  test('events too', async () => {
    const reply = await new Promise<http.IncomingMessage>((resolve) => {
      const headers = { host: 'localhost', ...as('user') }
      const { port } = plain.listening
      http.get(
        { host: '127.0.0.1', port, path: `/api/v1/generations/${id}/events`, headers, agent: false },
        resolve,
      )
    })
    expect(reply.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store, no-transform',
    })
    reply.destroy()
  })

  test('a program’s answers run nothing, the page runs its own scripts alone', async () => {
    const reply = await ask(plain, `/api/v1/datasets/${id}/bad-rows`, { headers: as('user') })
    expect(reply.headers['content-security-policy']).toContain("default-src 'none'")
    const { headers } = await ask(plain, '/', { headers: { accept: 'text/html' } })
    const policy = String(headers['content-security-policy'])
    for (const part of [
      "script-src 'self'",
      "style-src 'self'",
      "object-src 'none'",
      "base-uri 'self'",
      "form-action 'self'",
    ])
      expect(policy.split('; ')).toContain(part)
    expect(policy).not.toMatch(/(script-src|style-src)[^-;]*unsafe/)
  })

  test('only https is told to stay so', async () => {
    expect((await ask(secure, '/')).headers['strict-transport-security']).toMatch(/max-age=\d{8}/)
    expect((await ask(secure, '/')).headers['cross-origin-opener-policy']).toBe('same-origin')
    const overHttp = await ask(bare, '/')
    expect(overHttp.headers['strict-transport-security']).toBeUndefined()
    expect(overHttp.headers['cross-origin-opener-policy']).toBeUndefined()
  })

  test('no other origin is let read anything, whatever it asks before', async () => {
    const asked = await ask(plain, '/api/v1/datasets', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    })
    expect(asked.status).toBeGreaterThanOrEqual(400)
    const read = await ask(plain, '/api/v1/health', { headers: { origin: 'https://evil.example' } })
    for (const { headers } of [asked, read])
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

describe('where a request comes from', () => {
  const writes = Object.values(table).filter(
    ({ method, path: address }) => method !== 'GET' && address.startsWith('/api/v1/auth/'),
  )

  test.each(writes.map(({ method, path: address }) => [method, address]))(
    '%s %s with the refresh cookie is taken from our own page alone',
    async (method, address) => {
      const url = address.replaceAll(/:\w+/g, id)
      const from = (headers: Record<string, string>) =>
        ask(plain, url, {
          method,
          headers: { cookie: 'anneal_x_refresh=stolen', ...json, ...headers },
          body: '{}',
        })
      for (const headers of [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: 'http://localhost:1' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
      ]) {
        const { status, body } = await from(headers as unknown as Record<string, string>)
        expect([status, (JSON.parse(body) as { code: string }).code]).toEqual([403, 'platform.wrong-origin'])
      }
      expect((await from({ origin: 'http://localhost' })).body).not.toContain('wrong-origin')
    },
  )

  test('forwarded headers count only where the proxy is trusted, and of it alone', async () => {
    const forwarded = {
      'x-forwarded-for': '203.0.113.7, 198.51.100.9',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example',
      forwarded: 'for=203.0.113.7;host=evil.example;proto=https',
    }
    const signOut = (under: typeof plain) =>
      ask(under, '/api/v1/auth/sign-out', { method: 'POST', headers: forwarded })
    // The cookie is Secure where the request is taken to have come by https.
    expect(String((await signOut(bare)).headers['set-cookie'])).not.toContain('Secure')
    expect(String((await signOut(proxied)).headers['set-cookie'])).toContain('Secure')
    const misled = await ask(bare, '/', {
      headers: { host: 'evil.example', 'x-forwarded-host': 'localhost' },
    })
    expect(misled.status).toBe(421)
  })
})

describe('the page’s folder', () => {
  const outside = [
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/assets\\..\\..\\secret.txt',
    '/%252e%252e%252fsecret.txt',
    '//secret.txt',
    '//..//secret.txt',
    '/./../secret.txt',
    '/assets/..;/secret.txt',
    '/secret.txt%00.js',
    '/%00',
    '/assets/app-abc.js%00',
    '/assets/app-abc.js/../../../secret.txt',
    '/%c0%ae%c0%ae/secret.txt',
    '/file:///etc/passwd',
    'http://localhost/../secret.txt',
  ]

  test.each(outside)('%s leads nowhere else', async (address) => {
    writeFileSync(path.join(plain.folder, '../secret.txt'), 'the secret outside')
    for (const accept of ['text/html', '*/*', 'application/json']) {
      const { status, body } = await ask(plain, address, { headers: { accept } })
      expect(body).not.toContain('the secret outside')
      expect(body).not.toContain('root:')
      // The page itself for an address of its own, or a coded refusal.
      if (status === 200) expect(body).toBe('<!doctype html><title>page</title>')
      else expect([400, 404]).toContain(status)
    }
  })
})

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { routes } from '@anneal/contract'
import type { Permission, RouteDefinition } from '@anneal/contract'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Actor, Platform } from '../context.ts'
import { AppError } from '../errors.ts'
import { createHttp, eventsReply, fileReply, openStaticPage, redirect, textReply } from './index.ts'
import type { AnyHandler, HandlerIo, HttpServer } from './index.ts'
import { listen } from './listen.ts'
import type { Listening } from './listen.ts'

const table: Record<string, RouteDefinition> = routes
const refusals: string[] = []
const logged: string[] = []
const actors: Record<string, Actor> = {}
const person = (permissions: Permission[]) => ({
  userId: 'u',
  name: 'U',
  role: 'member' as const,
  permissions: new Set(permissions),
  groupIds: [],
})
actors['user'] = {
  kind: 'user',
  sessionId: 's',
  ...person(['datasets.read', 'datasets.write', 'models.use']),
}
actors['key'] = {
  kind: 'key',
  keyId: 'k',
  scopes: new Set(['api:read']),
  trainingRunId: null,
  ...person(['datasets.read', 'datasets.write', 'keys.own']),
}

/* Only what the HTTP side itself uses: its own behaviour is tried here, the whole server in app.test.ts. */
const platform = {
  config: { publicUrl: 'https://anneal.example.com', nodeUrl: null, trustProxy: false, version: '1.2.3' },
  log: {
    info: (text: string) => logged.push(text),
    warn: (text: string) => logged.push(text),
    error: (text: string, fields: object) =>
      logged.push(text, String(Object.values(fields).find((value) => value instanceof Error))),
  },
  audit: {
    refused: async (_ctx: unknown, action: string, _target: unknown, code: string) =>
      void refusals.push(`${action} ${code}`),
  },
} as unknown as Platform

const reached: string[] = []
const replyFor: Record<string, AnyHandler> = {
  'datasets.badRows': (_ctx, { query }: { query: { limit: number } }) => {
    return {
      items: [{ row: query.limit, reason: { code: 'a.b', params: {} }, excerpt: 'e', secret: 'x' }],
      nextCursor: null,
      secret: 'x',
    }
  },
  'datasets.rows': () => ({ items: 'not a list', next: null }),
  'datasets.get': () => {
    throw new AppError('platform.stale-version', {}, { current: { version: 3 } })
  },
  'datasets.download': () =>
    fileReply({ stream: Readable.from(['abc']), size: 3, type: 'application/jsonl', name: 'Säge "1".jsonl' }),
  'datasets.upload': async (_ctx, _input, io: HandlerIo) => {
    let bytes = 0
    for await (const chunk of io.body) bytes += (chunk as Buffer).length
    throw new AppError('platform.no-space', { bytes })
  },
  'generations.stream': () =>
    eventsReply(async (send, signal) => {
      send({ id: 1, event: 'text-delta', data: { text: 'a\nb' } })
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    }),
  'swanlab.runLink': () => redirect('/tracking/w/p/runs/r'),
  'swanlab.ping': () => textReply('pong'),
  'auth.signOut': (_ctx, _input, io: HandlerIo) =>
    io.clearCookie('anneal_x_refresh', { path: '/api/v1/auth' }),
  'swanlab.metrics': () => {
    throw new AppError('auth.unauthenticated')
  },
}

let folder = ''
let http: HttpServer
let listening: Listening
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'anneal-page-'))
  mkdirSync(path.join(folder, 'assets'))
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html><title>page</title>')
  writeFileSync(path.join(folder, 'assets/app-abc.js'), 'console.log(1)')
  writeFileSync(path.join(folder, 'assets/app-abc.js.br'), 'compressed')
  const handlers = Object.fromEntries(
    Object.keys(table).map((name) => {
      const fallback: AnyHandler = () => {
        reached.push(name)
        throw new AppError('platform.not-found')
      }
      return [name, replyFor[name] ?? fallback]
    }),
  )
  http = createHttp({
    platform,
    handlers,
    authority: {
      async authenticate(_platform, header) {
        if (header === null) return { kind: 'nobody' }
        const actor = actors[header.replace('Bearer ', '')]
        if (!actor) throw new AppError('auth.session-ended')
        return actor
      },
      sees: () => false,
      onEnded: () => () => {},
      setUpLink: async () => null,
    },
    idempotently: async (_ctx, _route, key, _input, run) =>
      key === 'kept' ? { items: [], nextCursor: null } : run(),
    page: openStaticPage(folder),
  })
  listening = await listen(http.app, ['127.0.0.1', '::1'], 0)
})
afterAll(async () => {
  http.refuseNew()
  await listening.close()
  rmSync(folder, { recursive: true })
})
afterEach(() => {
  refusals.length = 0
  logged.length = 0
  reached.length = 0
})

const id = '0193e1a0-0000-7000-8000-000000000000'
const call = (url: string, init: RequestInit = {}) =>
  fetch(`http://localhost:${listening.port}${url}`, { redirect: 'manual', ...init })
const as = (who: 'user' | 'key', more: Record<string, string> = {}) => ({
  authorization: `Bearer ${who}`,
  ...more,
})
const json = { 'content-type': 'application/json' }
const filled = (route: RouteDefinition) => route.path.replaceAll(/:\w+/g, id)

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
        { port: listening.port, host: '127.0.0.1', path: '/', headers: { host: 'evil.example' } },
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

describe('what goes in and out', () => {
  test('a reply is stripped, has its default query, and says whose it is', async () => {
    const reply = await call(`/api/v1/datasets/${id}/bad-rows`, { headers: as('user') })
    expect(await reply.json()).toEqual({
      items: [{ row: 30, reason: { code: 'a.b', params: {} }, excerpt: 'e' }],
      nextCursor: null,
    })
    expect(reply.headers.get('x-request-id')).toBeTruthy()
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(reply.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('a reply that does not fit is never sent, and its fault stands in the log', async () => {
    const reply = await call(`/api/v1/datasets/${id}/rows`, { headers: as('user') })
    const body = await reply.text()
    expect(reply.status).toBe(500)
    expect(body).not.toContain('schema')
    expect(logged.join(' ')).toContain(
      'the reply of datasets.rows does not fit its schema: /items must be array',
    )
  })

  test.each([
    ['bad JSON', { ...json }, '{', 400, 'platform.bad-json'],
    ['no body', { ...json }, '', 422, 'platform.invalid-input'],
    ['another type', { 'content-type': 'text/plain' }, 'x', 415, 'platform.unsupported-media-type'],
    ['too much', { ...json }, JSON.stringify('x'.repeat(2 ** 20)), 413, 'platform.body-too-large'],
    ['a wrong field', { ...json }, '{"modelId":3,"messages":[]}', 422, 'platform.invalid-input'],
  ])('%s', async (_what, headers, body, status, code) => {
    const reply = await call('/api/v1/generations', { method: 'POST', headers: as('user', headers), body })
    expect(reply.headers.get('content-type')).toContain('application/problem+json')
    expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([status, code])
  })

  test('errors are told in the language asked for, with their pointers', async () => {
    const reply = await call('/api/v1/generations', {
      method: 'POST',
      headers: as('user', { ...json, 'accept-language': 'zh-CN' }),
      body: '{"messages":[]}',
    })
    const problem = (await reply.json()) as { title: string; errors: { pointer: string; detail: string }[] }
    expect(problem.title).toBe('有几项需要再看一下')
    expect(problem.errors.map((error) => error.pointer)).toEqual(['/modelId', '/messages'])
    expect(problem.errors[0]?.detail).toBe('此项必填。')
  })

  test('a stale write gets the present state', async () => {
    const reply = await call(`/api/v1/datasets/${id}`, { headers: as('user') })
    expect(reply.status).toBe(409)
    expect(await reply.json()).toMatchObject({ code: 'platform.stale-version', current: { version: 3 } })
  })

  test('files, redirects, texts and cookies', async () => {
    const file = await call(`/api/v1/datasets/${id}/download`, { headers: as('user') })
    expect(await file.text()).toBe('abc')
    expect(file.headers.get('content-disposition')).toContain("filename*=UTF-8''S%C3%A4ge%20%221%22.jsonl")
    const link = await call('/@w/p/runs/r')
    expect([link.status, link.headers.get('location')]).toEqual([302, '/tracking/w/p/runs/r'])
    expect(await (await call('/api')).text()).toBe('pong')
    const out = await call('/api/v1/auth/sign-out', { method: 'POST' })
    expect([out.status, out.headers.get('set-cookie')]).toEqual([
      204,
      'anneal_x_refresh=; Path=/api/v1/auth; Max-Age=0; HttpOnly; SameSite=Strict',
    ])
  })

  test('a streamed body of any type reaches its handler', async () => {
    const reply = await call('/api/v1/datasets?name=a', {
      method: 'POST',
      headers: as('user', { 'content-type': 'application/x-ndjson' }),
      body: 'x'.repeat(3_000_000),
    })
    expect(await reply.json()).toMatchObject({ code: 'platform.no-space', params: { bytes: 3_000_000 } })
  })

  test('a repeat under one key gets the kept reply', async () => {
    const reply = await call('/api/v1/datasets/sample', {
      method: 'POST',
      headers: as('user', { 'idempotency-key': 'other' }),
    })
    expect(reply.status).toBe(404)
    expect(reached).toEqual(['datasets.addSample'])
  })

  test('server-sent events are numbered, unbuffered, and end when the reader goes', async () => {
    const abort = new AbortController()
    const reply = await call(`/api/v1/generations/${id}/events`, {
      headers: as('user'),
      signal: abort.signal,
    })
    expect(reply.headers.get('x-accel-buffering')).toBe('no')
    const { value } = await reply.body!.getReader().read()
    expect(new TextDecoder().decode(value)).toBe('id: 1\nevent: text-delta\ndata: {"text":"a\\nb"}\n\n')
    abort.abort()
  })
})

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
    const { app } = http
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
    page: openStaticPage(folder),
  }
  expect(() => createHttp({ ...options, handlers: {} })).toThrow(
    'No handler for these routes: platform.health',
  )
})

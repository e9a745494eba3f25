import { errorStatus, routes } from '@anneal/contract'
import { expect, test } from 'vitest'
import { AppError } from '../errors.ts'
import { errorText, languageOf } from './catalogue.ts'
import { formatCookie, parseCookies } from './cookies.ts'
import { hostCheck, sameOrigin } from './hosts.ts'
import { openApiDocument } from './openapi.ts'
import { asAppError, errorBody } from './problem.ts'

test.each([
  ['localhost:4600', true],
  ['LOCALHOST', true],
  ['127.0.0.1:80', true],
  ['[::1]:4600', true],
  ['192.168.3.4', true],
  ['anneal.example.com', true],
  ['anneal.example.com.:8443', true],
  ['node-2.internal:4600', true],
  ['evil.example', false],
  ['localhost.evil.example', false],
  ['', false],
  [undefined, true],
])('the host %s is ours: %s', (host, ours) => {
  const isOurs = hostCheck({
    publicUrl: 'https://anneal.example.com',
    nodeUrl: 'http://node-2.internal:4600',
  })
  expect(isOurs(host)).toBe(ours)
})

test('a write without a bearer comes from our own page or from no page', () => {
  const config = { publicUrl: 'https://a.example', nodeUrl: null }
  expect(sameOrigin({ host: 'localhost:1' }, config)).toBe(true)
  expect(sameOrigin({ host: 'localhost:1', origin: 'http://localhost:1' }, config)).toBe(true)
  expect(sameOrigin({ host: 'localhost:1', origin: 'https://a.example' }, config)).toBe(true)
  expect(sameOrigin({ host: 'localhost:1', origin: 'http://localhost:2' }, config)).toBe(false)
  expect(sameOrigin({ host: 'localhost:1', origin: 'null' }, config)).toBe(false)
  expect(sameOrigin({ host: 'localhost:1', 'sec-fetch-site': 'cross-site' }, config)).toBe(false)
})

test('cookies are read and written', () => {
  expect({ ...parseCookies('a=1; b=%C3%A9; c="q"; a=2; broken; d=%') }).toEqual({
    a: '1',
    b: 'é',
    c: 'q',
    d: '%',
  })
  expect(parseCookies('x=1')['toString']).toBeUndefined()
  expect(formatCookie('n', 'a b', { path: '/api/v1/auth', maxAge: 60, secure: true })).toBe(
    'n=a%20b; Path=/api/v1/auth; Max-Age=60; HttpOnly; SameSite=Strict; Secure',
  )
})

test.each([
  [undefined, 'en'],
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
  ['en;q=0.5, zh-TW', 'zh'],
  ['fr, de', 'en'],
  ['zh;q=0, en', 'en'],
])('%s asks for %s', (header, language) => {
  expect(languageOf(header)).toBe(language)
})

test('a problem is told in the language asked for, with its fields', () => {
  const error = new AppError(
    'platform.invalid-input',
    {},
    { fields: [{ pointer: '/n', code: 'wrong-type', params: { type: 'number' } }] },
  )
  const { status, type, body } = errorBody(error, 'problem', 'zh', 'r1')
  expect([status, type]).toEqual([422, 'application/problem+json; charset=utf-8'])
  expect(JSON.parse(body)).toMatchObject({
    code: 'platform.invalid-input',
    requestId: 'r1',
    title: '有几项需要再看一下',
    errors: [{ pointer: '/n', code: 'wrong-type', detail: '这里应为数字。' }],
  })
})

test('other clients get their own shapes, and nothing inward leaves with an unforeseen error', () => {
  const error = asAppError(new Error('connect to /var/secret failed'), 0)
  for (const dialect of ['problem', 'swanlab', 'openai'] as const) {
    const { status, body } = errorBody(error, dialect, 'en', 'r2')
    expect(status).toBe(500)
    expect(body).not.toContain('secret')
    expect(body).toContain('r2')
  }
  expect(JSON.parse(errorBody(error, 'swanlab', 'en', 'r').body)).toMatchObject({
    code: 'platform.internal',
    message: expect.any(String),
  })
})

test('every code of the platform has its text in both languages', () => {
  for (const code of Object.keys(errorStatus).filter((each) => each.startsWith('platform.'))) {
    expect(errorText('en', code).detail, code).not.toContain(code)
    expect(errorText('zh', code).title, code).toMatch(/[一-鿿]/)
  }
})

test('OpenAPI names every route once, with its permission and its codes', () => {
  const document = JSON.parse(openApiDocument(routes, '1.0.0')) as {
    openapi: string
    paths: Record<string, Record<string, Record<string, unknown>>>
  }
  expect(document.openapi).toBe('3.1.0')
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
  expect(operations.map((each) => each.operationId).toSorted()).toEqual(Object.keys(routes).toSorted())
  for (const operation of operations) expect(operation['x-permission']).toBeTruthy()
  const start = document.paths['/api/v1/training']?.post
  expect(start?.['x-permission']).toBe('training.write')
  expect(start?.responses).toHaveProperty('201')
  expect(JSON.stringify(start?.responses)).toContain('training.engine-not-ready')
})

test('a change that names one field leaves all others as they are', () => {
  for (const [name, route] of Object.entries(routes)) {
    if (route.method !== 'PATCH' || !('body' in route)) continue
    for (const [field, schema] of Object.entries(route.body.shape)) {
      const absent = schema.safeParse(undefined)
      expect(absent.success ? absent.data : undefined, `${name}: ${field}`).toBeUndefined()
    }
  }
})

test.each([
  'https://name:secret@api.example.com/v1',
  'http://secret@localhost',
  'https://[',
  'ftp://a.example',
])('a connection to %s is refused', (baseUrl) => {
  const { body } = routes['models.updateConnection']
  expect(body.safeParse({ version: 1, baseUrl }).success).toBe(false)
  expect(body.safeParse({ version: 1, baseUrl: 'http://localhost:8000/v1' }).success).toBe(true)
})

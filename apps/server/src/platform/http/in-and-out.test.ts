import { describe, expect, test } from 'vitest'
import { as, callTo, id, json, logged, reached, useHttp } from './testing/http-under-test.ts'

const under = useHttp()
const call = callTo(under)

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

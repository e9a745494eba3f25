import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { routes } from '@anneal/contract'
import type { RouteDefinition, SocketMessage } from '@anneal/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { until } from '../../../tests/support/until.ts'
import { startServer } from './app.ts'
import type { RunningServer } from './app.ts'
import { runOperation } from './cli/operations.ts'
import { modules } from './modules.ts'
import type { Config } from './platform/config/index.ts'
import { findRoot, loadConfig } from './platform/config/index.ts'
import { openDataFolder } from './platform/data-folder.ts'
import { operatorPath, readOperatorAccess } from './platform/http/operator-access.ts'
import { createLog } from './platform/log/index.ts'

const admin = { email: 'admin@example.com', password: 'correct horse battery staple' }
const table = Object.entries<RouteDefinition>(routes)
const id = '0193e1a0-0000-7000-8000-000000000000'
const quiet = createLog('error', { write() {} })

let data = ''
let config: Config
let server: RunningServer
let token = ''

function configure(more: Record<string, string> = {}): Config {
  const environment = {
    ANNEAL_DATA: data,
    ANNEAL_HOST: '127.0.0.1',
    ANNEAL_PORT: '0',
    ANNEAL_ENGINE_PREPARE: 'off',
  }
  return loadConfig(
    { ...environment, ANNEAL_ADMIN_EMAIL: admin.email, ANNEAL_ADMIN_PASSWORD: admin.password, ...more },
    findRoot(),
  )
}
const start = (config: Config) => startServer(config, modules, quiet, runOperation)
const call = (url: string, init: RequestInit = {}) =>
  fetch(`http://127.0.0.1:${server.port}${url}`, { redirect: 'manual', ...init })
const json = { 'content-type': 'application/json' }
const signedIn = () => ({ authorization: `Bearer ${token}` })

beforeAll(async () => {
  data = path.join(mkdtempSync(path.join(tmpdir(), 'anneal-app-')), 'data')
  config = configure({ ANNEAL_METRICS_TOKEN: 'a-token-for-the-metrics' })
  openDataFolder(data)
  server = await start(config)
  const reply = await call('/api/v1/auth/sign-in', {
    method: 'POST',
    headers: json,
    body: JSON.stringify(admin),
  })
  token = ((await reply.json()) as { accessToken: string }).accessToken
})
afterAll(async () => {
  await server.stop()
  rmSync(path.dirname(data), { recursive: true })
})

test.each(table)('nobody at %s: 401 unless it is public', async (_name, route) => {
  const reply = await call(route.path.replaceAll(/:\w+/g, id), { method: route.method })
  const body = await reply.text()
  const code = route.dialect === 'openai' ? 'invalid_api_key' : 'auth.unauthenticated'
  if (route.permission !== 'public')
    expect([reply.status, body]).toEqual([401, expect.stringContaining(code)])
  else if (route.dialect !== 'swanlab') expect(body).not.toContain('"code":"auth.unauthenticated"')
})

test('the data folder and what lies in it are their owner’s alone', () => {
  expect(statSync(data).mode & 0o777).toBe(0o700)
  for (const file of ['master.key', 'cli.json'])
    expect(statSync(path.join(data, file)).mode & 0o777).toBe(0o600)
})

test('health, the description of the routes, and 404 for what is not there', async () => {
  expect(await (await call('/api/v1/health')).json()).toEqual({
    status: 'ok',
    version: config.version,
    database: 'ok',
    engine: 'absent',
  })
  const document = (await (await call('/api/v1/openapi.json')).json()) as { paths: object }
  expect(Object.keys(document.paths).length).toBeGreaterThan(50)
  expect((await call('/api/v1/none')).status).toBe(404)
})

test('metrics are for whoever sends the token', async () => {
  expect((await call('/metrics')).status).toBe(401)
  const reply = await call('/metrics', { headers: { authorization: 'Bearer a-token-for-the-metrics' } })
  expect(await reply.text()).toContain('anneal_http_request_duration_seconds_bucket')
})

test('home of a new instance says what is so, and the checklist folds away', async () => {
  const home = async () =>
    (await (await call('/api/v1/home', { headers: signedIn() })).json()) as {
      checklist: { step: string; done: boolean }[]
      dismissed: boolean
    }
  const first = await home()
  expect(first.checklist.map((step) => step.done)).toEqual([true, false, false, false, false, false, false])
  const fold = (dismissed: boolean) =>
    call('/api/v1/home/checklist', {
      method: 'POST',
      headers: { ...signedIn(), ...json },
      body: JSON.stringify({ dismissed }),
    })
  expect((await fold(true)).status).toBe(204)
  expect((await fold(true)).status).toBe(204)
  expect((await home()).dismissed).toBe(true)
  await fold(false)
  expect((await home()).dismissed).toBe(false)
})

test('writes stand in the audit, newest first, page by page', async () => {
  const read = async (query: string) =>
    (await (await call(`/api/v1/audit${query}`, { headers: signedIn() })).json()) as {
      items: { id: string; action: string }[]
      nextCursor: string | null
    }
  const all = await read('?limit=200')
  expect(all.items.map((row) => row.action)).toContain('checklist.dismissed')
  const first = await read('?limit=1')
  const second = await read(`?limit=1&cursor=${first.nextCursor}`)
  expect([first.items[0]?.id, second.items[0]?.id]).toEqual(all.items.slice(0, 2).map((row) => row.id))
})

test('a change reaches the socket and the event stream of its reader', async () => {
  const messages: SocketMessage[] = []
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/api/v1/socket`)
  socket.on('message', (frame) => void messages.push(...(JSON.parse(String(frame)) as SocketMessage[])))
  socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', token })))
  await until(() => messages[0]?.type === 'ready', { what: 'ready' })
  const abort = new AbortController()
  const stream = await call('/api/v1/events', { headers: signedIn(), signal: abort.signal })
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader.read()).value).toContain('event: ready')
  const made = await call('/api/v1/conversations', {
    method: 'POST',
    headers: { ...signedIn(), ...json },
    body: '{}',
  })
  expect(made.status).toBe(201)
  const { id: conversation } = (await made.json()) as { id: string }
  await until(
    () => messages.some((message) => message.type === 'change' && message.change.id === conversation),
    { what: 'the change' },
  )
  // Other changes that the reader may see, as of the audit, come on the same stream.
  let told = ''
  while (!told.includes(conversation)) {
    const { value, done } = await reader.read()
    if (done) break
    told += value
  }
  expect(told).toContain(conversation)
  abort.abort()
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  await call('/api/v1/auth/sign-out', { method: 'POST' })
  socket.close()
  await closed
})

test('a method that nobody knows, and a day that there is not, are the asker’s fault and not the server’s', async () => {
  const query = await call('/api/v1/models', { method: 'QUERY', headers: signedIn() })
  expect([query.status, ((await query.json()) as { code: string }).code]).toEqual([
    400,
    'platform.bad-request',
  ])
  const when = '2026-13-41T25:00:00.000Z'
  const audit = await call(`/api/v1/audit?from=${when}`, { headers: signedIn() })
  expect([audit.status, ((await audit.json()) as { code: string }).code]).toEqual([
    422,
    'platform.invalid-input',
  ])
})

test('one idempotency key makes one thing', async () => {
  const make = (key: string) =>
    call('/api/v1/conversations', {
      method: 'POST',
      headers: { ...signedIn(), ...json, 'idempotency-key': key },
      body: '{"title":"once"}',
    })
  const replies = [await make('k1'), await make('k1'), await make('k2')]
  const ids = await Promise.all(replies.map(async (reply) => ((await reply.json()) as { id: string }).id))
  expect(replies.map((reply) => reply.status)).toEqual([201, 201, 201])
  expect([ids[0] === ids[1], ids[0] === ids[2]]).toEqual([true, false])
})

test('the operator’s way in is for the token alone, and makes keys that serve', async () => {
  const access = readOperatorAccess(data)!
  const ask = (authorization: string, more: Record<string, string> = {}) =>
    call(operatorPath, {
      method: 'POST',
      headers: { ...json, authorization, ...more },
      body: JSON.stringify({ operation: 'create-key', input: { email: admin.email, scopes: ['api:read'] } }),
    })
  expect((await ask('Bearer wrong')).status).toBe(404)
  expect((await ask(`Bearer ${access.token}`, { 'x-forwarded-for': '127.0.0.1' })).status).toBe(404)
  const { lines } = (await (await ask(`Bearer ${access.token}`)).json()) as { lines: string[] }
  const key = lines.at(-1)!
  expect(key).toMatch(/^[A-Za-z0-9]{21}$/)
  expect((await call('/api/v1/home', { headers: { authorization: `Bearer ${key}` } })).status).toBe(200)
})

test('a second server on the folder, and one on a taken port, say so in one line', async () => {
  await expect(start(config)).rejects.toMatchObject({
    name: 'StartError',
    message: expect.stringContaining('is used by another server'),
  })
  const elsewhere = path.join(path.dirname(data), 'other')
  openDataFolder(elsewhere)
  const taken = configure({ ANNEAL_DATA: elsewhere, ANNEAL_PORT: String(server.port) })
  await expect(start(taken)).rejects.toMatchObject({
    name: 'StartError',
    message: expect.stringContaining('is in use'),
  })
})

test('it stops within its time, tells its sockets, and starts again on the same folder', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/api/v1/socket`)
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  let isReady = false
  socket.on('message', () => void (isReady = true))
  socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', token })))
  await until(() => isReady, { what: 'ready' })
  const began = performance.now()
  await server.stop()
  expect(await closed).toBe(4503)
  expect(performance.now() - began).toBeLessThan(5_000)
  expect(existsSync(path.join(data, 'cli.json'))).toBe(false)
  server = await start(config)
  expect((await call('/api/v1/home', { headers: signedIn() })).status).toBe(200)
})

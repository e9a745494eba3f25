import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SocketMessage, SocketRequest } from '@anneal/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { until } from '../../../../../tests/support/until.ts'
import type { Actor, Platform } from '../context.ts'
import { AppError } from '../errors.ts'
import type { ChangeRow } from '../events/index.ts'
import type { Authority, Ended } from '../http/module.ts'
import { createSocketServer } from './index.ts'
import type { SocketServer } from './index.ts'

type Subscriber = {
  sees(row: ChangeRow): boolean | Promise<boolean>
  onRows(rows: ChangeRow[]): void
  closed: boolean
}

const permissions = new Set<'models.use'>()
const actorOf = (userId: string): Actor => ({
  kind: 'user',
  userId,
  name: userId,
  role: 'member',
  permissions,
  groupIds: [],
  sessionId: `s-${userId}`,
})

function change(number: number, ownerId: string): ChangeRow {
  return {
    number,
    kind: 'conversation',
    id: `c${number}`,
    change: 'updated',
    ownerId,
    visibility: 'private',
    permission: null,
    data: null,
  } as ChangeRow
}

let http: Server
let sockets: SocketServer
let subscribers: Subscriber[]
let listeners: ((ended: Ended) => void)[]
let users: Map<string, Actor>
let pushes: Map<string, (message: SocketMessage) => void>
let stopped: string[]
const clients: WebSocket[] = []

/* The bus and the authority are stand-ins here: what is tried is what is spoken on the wire. */
beforeEach(async () => {
  subscribers = []
  listeners = []
  pushes = new Map()
  stopped = []
  users = new Map([
    ['token-a', actorOf('a')],
    ['token-b', actorOf('b')],
  ])
  const platform = {
    config: { publicUrl: null, nodeUrl: null, trustProxy: false },
    log: { warn() {}, error() {}, info() {}, debug() {} },
    events: {
      onChange: () => () => undefined,
      async subscribe(
        options: { sees: Subscriber['sees'] },
        onRows: Subscriber['onRows'],
        onReady: (ready: { latest: number; reset: boolean }) => void,
      ) {
        const subscriber = { sees: options.sees, onRows, closed: false }
        subscribers.push(subscriber)
        onReady({ latest: 7, reset: false })
        return { close: () => void (subscriber.closed = true) }
      },
      topics: {
        async open(
          topic: string,
          _ctx: unknown,
          id: string,
          after: number,
          push: (message: SocketMessage) => void,
        ) {
          if (id === 'hidden') throw new AppError('platform.not-found')
          pushes.set(`${topic} ${id} ${after}`, push)
          return () => void stopped.push(`${topic} ${id}`)
        },
      },
    },
  } as unknown as Platform
  const authority: Authority = {
    async authenticate(_platform, header) {
      const actor = users.get((header ?? '').replace('Bearer ', ''))
      if (!actor) throw new AppError('auth.session-ended')
      return actor
    },
    sees: (_platform, actor, row) => 'userId' in actor && row.ownerId === actor.userId,
    onEnded(_platform, listener) {
      listeners.push(listener)
      return () => {}
    },
    setUpLink: async () => null,
  }
  sockets = createSocketServer(platform, authority)
  http = createServer()
  sockets.attach(http)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate()
  sockets.close()
  await new Promise((resolve) => http.close(resolve))
})

function connect(headers: Record<string, string> = {}) {
  const { port } = http.address() as AddressInfo
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/socket`, { headers })
  clients.push(socket)
  const messages: SocketMessage[] = []
  const state = { closed: undefined as number | undefined, reason: '', status: 0 }
  socket.on('message', (data) => void messages.push(...(JSON.parse(String(data)) as SocketMessage[])))
  socket.on('close', (code, reason) => Object.assign(state, { closed: code, reason: String(reason) }))
  socket.on('unexpected-response', (_request, response) => void (state.status = response.statusCode ?? 0))
  socket.on('error', () => {})
  const send = (request: SocketRequest | string) =>
    socket.send(typeof request === 'string' ? request : JSON.stringify(request))
  const open = new Promise<void>((resolve) => socket.once('open', () => resolve()))
  return { socket, messages, state, send, open }
}

async function signedIn(token = 'token-a') {
  const client = connect()
  await client.open
  client.send({ type: 'hello', token })
  await until(() => client.messages.length === 1, { what: 'ready' })
  return client
}

test('after hello come ready and the changes of the bus', async () => {
  const client = await signedIn()
  expect(client.messages[0]).toEqual({ type: 'ready', latest: 7 })
  const [subscriber] = subscribers
  expect(await subscriber!.sees(change(8, 'a'))).toBe(true)
  expect(await subscriber!.sees(change(8, 'b'))).toBe(false)
  subscriber!.onRows([change(8, 'a'), change(9, 'a')])
  await until(() => client.messages.length === 3, { what: 'changes' })
  expect(client.messages[2]).toEqual({
    type: 'change',
    number: 9,
    change: { kind: 'conversation', id: 'c9', change: 'updated' },
  })
})

test('a bad token, no hello first and nonsense each close in their own way', async () => {
  const bad = connect()
  await bad.open
  bad.send({ type: 'hello', token: 'unknown' })
  await until(() => bad.state.closed === 4401, { what: '4401' })
  expect(bad.state.reason).toBe('auth.session-ended')
  const early = connect()
  await early.open
  early.send({ type: 'watch', topic: 'log', id: 'x' })
  await until(() => early.state.closed === 4400, { what: '4400' })
  const nonsense = await signedIn()
  nonsense.send('{"type":"dance"}')
  await until(() => nonsense.state.closed === 4400, { what: '4400' })
})

test('a key hears only what it may read: one for something else is turned away', async () => {
  const key = { ...actorOf('a'), kind: 'key', keyId: 'k', trainingRunId: null }
  users.set('key-read', { ...key, scopes: new Set(['api:read']) } as Actor)
  users.set('key-run', { ...key, scopes: new Set(['tracking']), trainingRunId: 'r' } as Actor)
  await signedIn('key-read')
  const run = connect()
  await run.open
  run.send({ type: 'hello', token: 'key-run' })
  await until(() => run.state.closed === 4401, { what: '4401' })
  expect(run.state.reason).toBe('auth.scope-missing')
  expect(subscribers).toHaveLength(1)
})

test('an ended session closes its own sockets at once and no others', async () => {
  const a = await signedIn('token-a')
  const b = await signedIn('token-b')
  users.delete('token-a')
  for (const listener of listeners) listener({ sessionId: 's-a' })
  await until(() => a.state.closed === 4401, { what: '4401', timeoutMs: 2_000 })
  expect(b.state.closed).toBeUndefined()
  expect(subscribers.map((each) => each.closed)).toEqual([true, false])
})

test('changed rights send the page back for a fresh start', async () => {
  const client = await signedIn()
  users.set('token-a', { ...actorOf('a'), groupIds: ['g'] } as Actor)
  for (const listener of listeners) listener({ userId: 'a' })
  await until(() => client.state.closed === 4503, { what: '4503' })
})

test('a newer token takes the place of the old one', async () => {
  const client = await signedIn()
  users.set('token-a2', actorOf('a'))
  client.send({ type: 'token', token: 'token-a2' })
  client.send({ type: 'watch', topic: 'log', id: 'marker' })
  await until(() => pushes.size === 1, { what: 'the later request' })
  users.delete('token-a')
  for (const listener of listeners) listener({ userId: 'a' })
  client.send({ type: 'unwatch', topic: 'log', id: 'marker' })
  await until(() => stopped.length === 1, { what: 'still open' })
  expect(client.state.closed).toBeUndefined()
})

test('topics are watched from a number on, refused in words, and stopped', async () => {
  const client = await signedIn()
  client.send({ type: 'watch', topic: 'log', id: 'run', after: 5 })
  client.send({ type: 'watch', topic: 'points', id: 'hidden' })
  await until(() => client.messages.length === 2 && pushes.size === 1, { what: 'both answers' })
  expect(client.messages[1]).toEqual({
    type: 'refused',
    topic: 'points',
    id: 'hidden',
    code: 'platform.not-found',
  })
  pushes.get('log run 5')!({
    type: 'log',
    id: 'run',
    lines: [{ line: 6, time: 0, level: 'info', text: 'six' }],
  })
  await until(() => client.messages.length === 3, { what: 'line' })
  client.send({ type: 'unwatch', topic: 'log', id: 'run' })
  await until(() => stopped.length === 1, { what: 'stop' })
  pushes.get('log run 5')!({ type: 'log', id: 'run', lines: [] })
  client.send({ type: 'watch', topic: 'log', id: 'other' })
  await until(() => pushes.size === 2, { what: 'second watch' })
  client.socket.close()
  await until(() => stopped.length === 2, { what: 'stop at the end' })
  expect(client.messages).toHaveLength(3)
})

test('a stranger host, another path and a server that stops are refused', async () => {
  const { port } = http.address() as AddressInfo
  const stranger = connect({ host: 'evil.example' })
  await until(() => stranger.state.status === 421, { what: '421' })
  const elsewhere = new WebSocket(`ws://127.0.0.1:${port}/api/v1/other`)
  elsewhere.on('error', () => {})
  const status = await new Promise((resolve) =>
    elsewhere.once('unexpected-response', (_request, reply) => resolve(reply.statusCode)),
  )
  expect(status).toBe(404)
  const client = await signedIn()
  sockets.close()
  await until(() => client.state.closed === 4503, { what: '4503' })
  const late = connect()
  await until(() => late.state.status === 503, { what: '503' })
})

import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { until } from '../../../../../tests/support/until.ts'
import { isTooDeep, requestLimits } from './limits.ts'
import { id, useHttp } from './testing/http-under-test.ts'

const under = useHttp({ ...requestLimits, headersMs: 300, idleMs: 250, graceMs: 300 })

interface Raw {
  status: number
  head: string
  body: string
}

/** Speaks HTTP by hand: writes the pieces, a pause between, and gives what was answered until the server closed. */
async function raw(pieces: string[], options: { host?: string; pauseMs?: number } = {}): Promise<Raw> {
  const socket = net.connect(under.listening.port, options.host ?? '127.0.0.1')
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
  socket.on('error', () => undefined)
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  await new Promise<void>((resolve) => socket.on('connect', () => resolve()))
  for (const piece of pieces) {
    if (socket.destroyed) break
    socket.write(piece)
    if (options.pauseMs) await sleep(options.pauseMs)
  }
  await Promise.race([
    closed,
    until(() => /\r\n\r\n/.test(text) && ended(text), { timeoutMs: 5000 }).catch(() => undefined),
  ])
  socket.destroy()
  const [head = '', body = ''] = text.split('\r\n\r\n', 2)
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), head: head.toLowerCase(), body }
}

/** Whether all of the body that was announced has come. */
function ended(text: string): boolean {
  const [head = '', body = ''] = text.split('\r\n\r\n', 2)
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
  return body.length >= length
}

const get = (path: string, more = '') =>
  `GET ${path} HTTP/1.1\r\nhost: localhost\r\n${more}connection: close\r\n\r\n`
const post = (path: string, body: string, more = '', length = body.length) =>
  `POST ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer user\r\ncontent-type: application/json\r\n${more}content-length: ${length}\r\nconnection: close\r\n\r\n${body}`
const codeOf = ({ body }: Raw) => (JSON.parse(body) as { code: string }).code
const own = '/api/v1/generations'

/** Nothing of the inside: no stack, no place, no version, nobody's name. */
function expectDiscreet({ head, body }: Raw): void {
  expect(body).not.toMatch(/node_modules|\.ts\b|\bat .*:\d+:\d+|fastify|FST_|1\.2\.3/i)
  expect(head).not.toMatch(/^(server|x-powered-by|via):/m)
  expect(head).toContain('x-content-type-options: nosniff')
  expect(head).toContain("frame-ancestors 'none'")
}

// The first address is Fastify's server, the second the one beside it.
describe.each(['127.0.0.1', '::1'])('at %s', (host) => {
  test.each([
    [
      'headers that are too long',
      get('/api/v1/health', `x-long: ${'x'.repeat(20_000)}\r\n`),
      431,
      'platform.headers-too-large',
    ],
    [
      'an address that is too long',
      get(`/api/v1/health?${'x'.repeat(20_000)}`),
      431,
      'platform.headers-too-large',
    ],
    ['what is no HTTP', 'EHLO example.com\r\n\r\n', 400, 'platform.bad-request'],
    [
      'a header with a control character',
      get('/api/v1/health', 'x: a\u0001b\r\n'),
      400,
      'platform.bad-request',
    ],
    [
      'two lengths, as smugglers send them',
      `POST ${own} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'platform.bad-request',
    ],
    ['an address with a broken escape', get('/api/v1/datasets/%c0%af'), 400, 'platform.bad-address'],
  ])('%s: a coded error that tells nothing', async (_what, request, status, code) => {
    const answer = await raw([request], { host })
    expect([answer.status, codeOf(answer)]).toEqual([status, code])
    expectDiscreet(answer)
  })

  test('headers that come drop by drop', async () => {
    const drops = ['GET / HTTP/1.1\r\n', ...Array.from({ length: 40 }, (_, at) => `x-${at}: 1\r\n`)]
    const answer = await raw(drops, { host, pauseMs: 20 })
    expect([answer.status, codeOf(answer)]).toEqual([408, 'platform.request-timeout'])
    expectDiscreet(answer)
  })
})

describe('a body', () => {
  test('that halts is given up, and the asker told', async () => {
    const answer = await raw([post(own, '{"modelId":"', '', 1000)])
    expect([answer.status, codeOf(answer)]).toEqual([408, 'platform.request-timeout'])
    expectDiscreet(answer)
  })

  test('that comes drop by drop is given up too', async () => {
    const drops = Array.from({ length: 60 }, () => ' ')
    const answer = await raw([post(own, '', '', 1000), ...drops], { pauseMs: 20 })
    expect([answer.status, codeOf(answer)]).toEqual([408, 'platform.request-timeout'])
  })

  test('of a stream that halts ends the connection; one that goes on is taken, however long it lasts', async () => {
    const head = (length: number) =>
      `POST /api/v1/datasets?name=x HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer user\r\ncontent-type: application/octet-stream\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n`
    const halting = await raw([head(1000), 'abc'])
    expect(halting.status).not.toBe(200)
    const slow = await raw([head(30), ...Array.from({ length: 30 }, () => 'x')], { pauseMs: 30 })
    // The stand-in for the handler counts what came.
    expect([slow.status, codeOf(slow)]).toEqual([507, 'platform.no-space'])
    expect(slow.body).toContain('"bytes":30')
  })

  test('that is larger than its route takes is refused before it is read', async () => {
    const answer = await raw([post(own, '{', '', 2 ** 21)])
    expect([answer.status, codeOf(answer)]).toEqual([413, 'platform.body-too-large'])
    expect(answer.head).toContain('connection: close')
  })

  test.each(['gzip', 'deflate', 'br', 'zstd', 'identity, gzip', 'x-unknown'])(
    'packed by %s is refused unread',
    async (encoding) => {
      for (const path of [own, '/api/v1/datasets?name=x', '/api/house/metrics', `/api/objects/${id}`]) {
        const method = path.startsWith('/api/objects') ? 'PUT' : 'POST'
        const request = post(path, 'xxxx', `content-encoding: ${encoding}\r\n`).replace(/^POST/, method)
        const answer = await raw([request])
        expect([path, answer.status, codeOf(answer)]).toEqual([path, 415, 'platform.unsupported-encoding'])
      }
    },
  )

  test.each([
    ['lists', '['.repeat(200_000)],
    ['objects', '{"a":'.repeat(100_000)],
    ['lists, with brackets in strings before', `["[[[[", ${'['.repeat(150)}`],
  ])('nested too deeply (%s) is refused', async (_what, body) => {
    const answer = await raw([post(own, body)])
    expect([answer.status, codeOf(answer)]).toEqual([400, 'platform.too-deep'])
  })

  test('of very many keys, and very many parameters, grow nothing that stays', async () => {
    const keys = `{${Array.from({ length: 60_000 }, (_, at) => `"k${at}":1`).join(',')}}`
    const many = Array.from({ length: 3000 }, (_, at) => `a${at % 7}=`).join('&')
    await raw([post(own, keys)])
    global.gc?.()
    const before = process.memoryUsage().heapUsed
    for (let round = 0; round < 20; round += 1) {
      expect((await raw([post(own, keys)])).status).toBe(422)
      expect(
        (await raw([get(`/api/v1/datasets/${id}?${many}`, 'authorization: Bearer user\r\n')])).status,
      ).toBeLessThan(500)
    }
    global.gc?.()
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(150 * 2 ** 20)
  })
})

test('depth is counted outside of strings, whatever is escaped in them', () => {
  expect(isTooDeep('[[["]]]"]]]', 3)).toBe(false)
  expect(isTooDeep('[[["\\"[[[[["]]]', 3)).toBe(false)
  expect(isTooDeep('["\\\\",[[[', 3)).toBe(true)
  expect(isTooDeep('[[[[', 3)).toBe(true)
  expect(isTooDeep('[[],[],[],[]]', 2)).toBe(false)
  expect(isTooDeep('"[[[[', 1)).toBe(false)
})

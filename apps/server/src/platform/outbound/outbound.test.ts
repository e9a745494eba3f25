import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import net from 'node:net'
import { networkInterfaces } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import type { TransportRequest } from '@anneal/providers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Outbound, OutboundOptions } from './index.ts'
import { createOutbound } from './index.ts'

const fixture = (name: string) => readFileSync(path.join(import.meta.dirname, 'fixtures', name), 'utf8')
const tls = { cert: fixture('localhost.pem'), key: fixture('localhost.key') }

const servers: (http.Server | net.Server)[] = []
const outbounds: Outbound[] = []
let allowPrivate: boolean

beforeEach(() => {
  allowPrivate = true
})
afterEach(async () => {
  for (const outbound of outbounds.splice(0)) outbound.close()
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
})

async function listen<S extends http.Server | net.Server>(server: S, host = '127.0.0.1'): Promise<number> {
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, host, done))
  return (server.address() as AddressInfo).port
}

function serve(handler: http.RequestListener): Promise<number> {
  return listen(http.createServer(handler))
}

function outbound(
  options: Partial<OutboundOptions> = {},
  limits?: { idleMs: number; maxBytes: number },
): Outbound {
  const made = createOutbound({ allowPrivate: () => allowPrivate, ...options }, limits)
  outbounds.push(made)
  return made
}

async function call(out: Outbound, url: string, more: Partial<TransportRequest> = {}) {
  const reply = await out.transport.request({
    method: 'GET',
    url,
    headers: {},
    signal: new AbortController().signal,
    connectTimeoutMs: 2000,
    headersTimeoutMs: 2000,
    ...more,
  })
  return { ...reply, text: await text(reply.body) }
}

const refused = { code: 'platform.address-refused' }

describe('what is refused', () => {
  test.each([
    'http://169.254.169.254/latest/meta-data',
    'http://[fe80::1]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'http://metadata.google.internal/',
    'http://metadata./',
    'http://0.0.0.0:1/',
    'file:///etc/passwd',
    'ftp://example.com/',
  ])('%s, whatever the settings', async (url) => {
    const out = outbound()
    await expect(out.check(url)).rejects.toMatchObject(refused)
    await expect(call(out, url)).rejects.toMatchObject(refused)
  })

  test('a name that leads to a link-local address', async () => {
    const out = outbound({ lookup: async () => ['169.254.169.254'] })
    await expect(call(out, 'http://harmless.test/')).rejects.toMatchObject(refused)
  })

  test('a name that changes its address between the check and the connection', async () => {
    const port = await serve((_, reply) => reply.end('reached'))
    let asked = 0
    const out = outbound({ lookup: async () => (++asked === 1 ? ['93.184.216.34'] : ['127.0.0.1']) })
    allowPrivate = false
    await expect(call(out, `http://rebinding.test:${port}/`)).rejects.toMatchObject(refused)
    expect(asked).toBe(2)
  })

  test('of several addresses only those that are good are connected to', async () => {
    const port = await serve((_, reply) => reply.end('good'))
    const out = outbound({ lookup: async () => ['169.254.169.254', '127.0.0.1'] })
    expect((await call(out, `http://both.test:${port}/`)).text).toBe('good')
  })

  test('private addresses, by the setting, also on a connection that is kept', async () => {
    const port = await serve((_, reply) => reply.end('inside'))
    const out = outbound()
    expect(await call(out, `http://127.0.0.1:${port}/`)).toMatchObject({ status: 200, text: 'inside' })
    allowPrivate = false
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]']) {
      await expect(call(out, `http://${host}:${port}/`)).rejects.toMatchObject(refused)
    }
    await expect(out.check('http://10.0.0.8/')).rejects.toMatchObject(refused)
    out.allowLoopbackPort(port)
    expect((await call(out, `http://127.0.0.1:${port}/`)).text).toBe('inside')
    out.forgetLoopbackPort(port)
    await expect(call(out, `http://127.0.0.1:${port}/`)).rejects.toMatchObject(refused)
  })

  test('the server’s own port, on every address of the machine', async () => {
    const port = await serve((_, reply) => reply.end('own'))
    const out = outbound()
    out.refusePort(port)
    const own = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map((one) => one.address))
    const v4 = own.filter((address) => net.isIPv4(address))
    for (const host of ['localhost', '127.0.0.2', '[::1]', '[::ffff:7f00:1]', ...v4]) {
      await expect(out.check(`http://${host}:${port}/`)).rejects.toMatchObject(refused)
    }
    await expect(out.check(`http://10.255.255.1:${port}/`)).resolves.toBeUndefined()
  })

  test('the database, by its address or another of the same machine', async () => {
    const out = outbound({ databaseUrl: 'mysql://root@db.test:3307/x', lookup: async () => ['10.9.9.9'] })
    await expect(out.check('http://10.9.9.9:3307/')).rejects.toMatchObject(refused)
    await expect(out.check('http://10.9.9.9:3308/')).resolves.toBeUndefined()
    const local = outbound({ databaseUrl: 'postgres://postgres@127.0.0.1/x' })
    await expect(local.check('http://[::1]:5432/')).rejects.toMatchObject(refused)
    await expect(local.check('http://127.0.0.1:5433/')).resolves.toBeUndefined()
  })
})

describe('redirects', () => {
  test('are judged like the first address', async () => {
    const port = await serve((_, reply) =>
      reply.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    )
    await expect(call(outbound(), `http://127.0.0.1:${port}/`)).rejects.toMatchObject(refused)
  })

  test('keep method and body with 307, and lose the key on the way to another origin', async () => {
    const seen: (string | undefined)[] = []
    const second = await serve(async (request, reply) => {
      seen.push(request.method, request.headers.authorization, request.headers['x-kept'] as string)
      reply.end(await text(request))
    })
    const first = await serve((request, reply) => {
      const location = request.url === '/a' ? '/b' : `http://127.0.0.1:${second}/`
      seen.push(request.headers.authorization)
      reply.writeHead(307, { location }).end()
    })
    const headers = { authorization: 'Bearer k', 'x-kept': 'yes' }
    const reply = await call(outbound(), `http://127.0.0.1:${first}/a`, {
      method: 'POST',
      body: 'prompt',
      headers,
    })
    expect(reply.text).toBe('prompt')
    expect(seen).toEqual(['Bearer k', 'Bearer k', 'POST', undefined, 'yes'])
  })

  test('a POST is not turned into a GET, and a circle ends', async () => {
    const port = await serve((_, reply) => reply.writeHead(302, { location: '/again' }).end('moved'))
    const url = `http://127.0.0.1:${port}/`
    expect(await call(outbound(), url, { method: 'POST', body: 'x' })).toMatchObject({
      status: 302,
      text: 'moved',
    })
    expect((await call(outbound(), url)).status).toBe(302)
  })
})

describe('limits', () => {
  test('no connection, no reply, a halt in the body, too large a body', async () => {
    const silent = await listen(net.createServer((socket) => socket.on('error', () => undefined).resume()))
    await expect(
      call(outbound(), `http://127.0.0.1:${silent}/`, { headersTimeoutMs: 50 }),
    ).rejects.toMatchObject({ code: 'UND_ERR_HEADERS_TIMEOUT' })
    await expect(
      call(outbound(), `https://127.0.0.1:${silent}/`, { connectTimeoutMs: 50 }),
    ).rejects.toMatchObject({ code: 'ETIMEDOUT' })
    const halting = await serve((_, reply) => void reply.writeHead(200).write('begin'))
    const strict = outbound({}, { idleMs: 100, maxBytes: 100_000 })
    await expect(call(strict, `http://127.0.0.1:${halting}/`)).rejects.toMatchObject({ code: 'ETIMEDOUT' })
    const endless = await serve((_, reply) => {
      const timer = setInterval(() => reply.write('x'.repeat(50_000)), 1)
      reply.on('close', () => clearInterval(timer))
    })
    await expect(call(strict, `http://127.0.0.1:${endless}/`)).rejects.toMatchObject({ code: 'EMSGSIZE' })
  })

  test('aborting ends the call, before the reply and within it', async () => {
    const port = await serve((request, reply) => {
      if (request.url === '/begun') reply.writeHead(200).write('begin')
    })
    const before = new AbortController()
    setTimeout(() => before.abort(), 30)
    await expect(call(outbound(), `http://127.0.0.1:${port}/`, { signal: before.signal })).rejects.toThrow()
    const within = new AbortController()
    setTimeout(() => within.abort(), 30)
    await expect(
      call(outbound(), `http://127.0.0.1:${port}/begun`, { signal: within.signal }),
    ).rejects.toThrow()
  })

  test('connections are kept, and one closed by the other side is opened anew', async () => {
    const sockets = new Set<net.Socket>()
    const port = await serve((request, reply) => {
      sockets.add(request.socket)
      reply.end('ok')
    })
    const out = outbound()
    const url = `http://127.0.0.1:${port}/`
    await call(out, url)
    await call(out, url, { method: 'POST', body: 'x' })
    expect(sockets.size).toBe(1)
    for (const socket of sockets) socket.resetAndDestroy()
    expect((await call(out, url, { method: 'POST', body: 'x' })).text).toBe('ok')
    expect(sockets.size).toBe(2)
  })
})

describe('the way out', () => {
  test('an own CA is trusted where it is given, and only there', async () => {
    const port = await listen(https.createServer(tls, (_, reply) => reply.end('secure')))
    const url = `https://localhost:${port}/`
    await expect(call(outbound(), url)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    const out = outbound({ ca: tls.cert })
    expect(await call(out, url)).toMatchObject({ status: 200, text: 'secure', remoteAddress: '127.0.0.1' })
  })

  test('public addresses go through the proxy, private ones directly, forbidden ones nowhere', async () => {
    const target = await listen(https.createServer(tls, (_, reply) => reply.end('through the tunnel')))
    const asked: string[] = []
    const proxy = http.createServer((request, reply) => {
      asked.push(`${request.method} ${request.url}`)
      reply.end('by the proxy')
    })
    proxy.on('connect', (request, socket: net.Socket) => {
      asked.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? ''}`)
      const onward = net.connect(target, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        onward.pipe(socket).pipe(onward)
      })
      for (const side of [onward, socket]) side.on('error', () => socket.destroy())
    })
    const inside = await serve((_, reply) => reply.end('directly'))
    const out = outbound({
      proxy: `http://user:pass@127.0.0.1:${await listen(proxy)}`,
      ca: tls.cert,
      lookup: async (name) => {
        if (name === 'service.test') return ['93.184.216.34']
        if (name === 'sly.test') return ['169.254.169.254']
        if (name === 'inside.test') return ['127.0.0.1']
        throw Object.assign(new Error('not found'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' })
      },
    })
    expect((await call(out, 'http://service.test/a')).text).toBe('by the proxy')
    expect((await call(out, 'http://known-to-the-proxy.test/b')).text).toBe('by the proxy')
    expect((await call(out, 'https://service.test/c')).text).toBe('through the tunnel')
    expect((await call(out, `http://inside.test:${inside}/`)).text).toBe('directly')
    await expect(call(out, 'http://sly.test/')).rejects.toMatchObject(refused)
    await expect(call(out, 'http://169.254.169.254/')).rejects.toMatchObject(refused)
    expect(asked).toEqual([
      'GET http://service.test/a',
      'GET http://known-to-the-proxy.test/b',
      `CONNECT service.test:443 Basic ${Buffer.from('user:pass').toString('base64')}`,
    ])
  })
})

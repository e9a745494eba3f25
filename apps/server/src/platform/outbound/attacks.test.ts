import dgram from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import type { Outbound, OutboundOptions } from './index.ts'
import { createOutbound } from './index.ts'

const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function outbound(options: Partial<OutboundOptions> = {}): Outbound {
  const made = createOutbound({ allowPrivate: () => false, ...options })
  closing.push(() => made.close())
  return made
}

async function serve(handler: http.RequestListener): Promise<number> {
  const server = http.createServer(handler)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  closing.push(() => {
    server.closeAllConnections()
    return new Promise((done) => server.close(done))
  })
  return (server.address() as AddressInfo).port
}

async function call(out: Outbound, url: string, headers: Record<string, string> = {}): Promise<string> {
  const reply = await out.transport.request({
    method: 'GET',
    url,
    headers,
    signal: new AbortController().signal,
    connectTimeoutMs: 2000,
    headersTimeoutMs: 2000,
  })
  return text(reply.body)
}

const refused = { code: 'platform.address-refused' }

/** A name server of one zone: its n-th answer is the n-th address, its last for all that follow. */
async function nameServer(
  addresses: string[],
): Promise<{ lookup: (name: string) => Promise<string[]>; asked: () => number }> {
  let asked = 0
  const socket = dgram.createSocket('udp4')
  socket.on('message', (query, from) => {
    const end = query.indexOf(0, 12) + 5
    const question = query.subarray(12, end)
    const isA = query.readUInt16BE(end - 4) === 1
    const address = addresses[Math.min(asked, addresses.length - 1)] ?? ''
    if (isA) asked += 1
    const head = Buffer.from(query.subarray(0, 12))
    head.writeUInt16BE(0x8180, 2)
    head.writeUInt16BE(isA ? 1 : 0, 6)
    head.writeUInt32BE(0, 8)
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)])
    socket.send(
      isA ? Buffer.concat([head, question, answer]) : Buffer.concat([head, question]),
      from.port,
      from.address,
    )
  })
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done))
  closing.push(() => new Promise<void>((done) => socket.close(() => done())))
  const resolver = new Resolver({ timeout: 1000, tries: 1 })
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  return { lookup: (name) => resolver.resolve4(name), asked: () => asked }
}

describe('one address in many spellings', () => {
  const metadata = [
    '169.254.169.254',
    '0xa9fea9fe',
    '0xa9.0xfe.0xa9.0xfe',
    '2852039166',
    '0251.0376.0251.0376',
    '169.254.43518',
    '169.16689662',
    '169.254.169.254.',
    '[::ffff:169.254.169.254]',
    '[::ffff:a9fe:a9fe]',
    '[::169.254.169.254]',
    '[64:ff9b::169.254.169.254]',
    '[64:ff9b::a9fe:a9fe]',
    '[64:ff9b:1::a9fe:a9fe]',
    '[2002:a9fe:a9fe::]',
    '[2002:a9fe:a9fe::1]',
    '[fd00::5efe:a9fe:a9fe]',
    '[2001:0:4136:e378:8000:63bf:5601:5601]',
    '[fd00:ec2::254]',
    '１６９.２５４.１６９.２５４',
    '169。254。169。254',
  ]
  test.each(metadata)('a metadata service as %s, whatever the settings', async (host) => {
    const out = outbound({ allowPrivate: () => true })
    await expect(out.check(`http://${host}/latest/meta-data`)).rejects.toMatchObject(refused)
    await expect(call(out, `http://${host}/latest/meta-data`)).rejects.toMatchObject(refused)
  })

  const loopback = [
    '127.0.0.1',
    '127.1',
    '0x7f000001',
    '2130706433',
    '017700000001',
    '0177.0.0.1',
    '0x7f.1',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    'localhost',
    'LOCALHOST.',
    '127.0.0.1.',
  ]
  test.each(loopback)(
    'this machine as %s: where private ones are closed, and at its own port always',
    async (host) => {
      const port = await serve((_, reply) => reply.end('inside'))
      await expect(call(outbound(), `http://${host}:${port}/`)).rejects.toMatchObject(refused)
      const open = outbound({ allowPrivate: () => true })
      open.refusePort(port)
      await expect(call(open, `http://${host}:${port}/`)).rejects.toMatchObject(refused)
    },
  )

  test.each(['127.0.0.1', '2130706433', '[::ffff:127.0.0.1]', '[64:ff9b::127.0.0.1]', 'db.test'])(
    'the database as %s',
    async (host) => {
      const out = outbound({
        allowPrivate: () => true,
        databaseUrl: 'postgres://postgres@127.0.0.1:5999/x',
        lookup: async () => ['127.0.0.1'],
      })
      await expect(call(out, `http://${host}:5999/`)).rejects.toMatchObject(refused)
    },
  )

  test.each([
    'file:///etc/passwd',
    'ftp://example.com/',
    'gopher://127.0.0.1:6379/_INFO',
    'data:text/plain,x',
    'blob:http://a/b',
    'ws://example.com/',
    'javascript:alert(1)',
    'unix:/var/run/docker.sock',
  ])('no other way out: %s', async (url) => {
    await expect(outbound({ allowPrivate: () => true }).check(url)).rejects.toMatchObject(refused)
    await expect(call(outbound({ allowPrivate: () => true }), url)).rejects.toMatchObject(refused)
  })
})

describe('redirects', () => {
  test.each([
    'http://169.254.169.254/',
    'http://2852039166/',
    'http://[::ffff:a9fe:a9fe]/',
    '//169.254.169.254/x',
    'file:///etc/passwd',
  ])('to %s end there', async (location) => {
    const port = await serve((_, reply) => reply.writeHead(302, { location }).end())
    await expect(
      call(outbound({ allowPrivate: () => true }), `http://127.0.0.1:${port}/`),
    ).rejects.toMatchObject(refused)
  })

  test('of several in a row the last is judged too', async () => {
    const port = await serve((request, reply) => {
      const hop = Number(request.url?.slice(1))
      const location = hop < 3 ? `/${hop + 1}` : 'http://metadata.google.internal/'
      reply.writeHead(302, { location }).end()
    })
    await expect(
      call(outbound({ allowPrivate: () => true }), `http://127.0.0.1:${port}/1`),
    ).rejects.toMatchObject(refused)
  })
})

describe('a name server that changes its mind', () => {
  test('after the check: the address connected to is judged', async () => {
    const port = await serve((_, reply) => reply.end('inside'))
    const names = await nameServer(['93.184.216.34', '127.0.0.1'])
    await expect(
      call(outbound({ lookup: names.lookup }), `http://rebinding.test:${port}/`),
    ).rejects.toMatchObject(refused)
    expect(names.asked()).toBeGreaterThanOrEqual(2)
  })

  test('to a metadata service, where private addresses are open', async () => {
    const names = await nameServer(['127.0.0.1', '169.254.169.254'])
    const out = outbound({ allowPrivate: () => true, lookup: names.lookup })
    await expect(call(out, 'http://rebinding.test/')).rejects.toMatchObject(refused)
  })

  test('what stays as it was is reached', async () => {
    const port = await serve((_, reply) => reply.end('well'))
    const names = await nameServer(['127.0.0.1'])
    expect(
      await call(outbound({ allowPrivate: () => true, lookup: names.lookup }), `http://steady.test:${port}/`),
    ).toBe('well')
  })
})

test('a name and a password in the address do not change where it leads, and stay with the first host', async () => {
  const seen: (string | undefined)[] = []
  const second = await serve((request, reply) => {
    seen.push(request.headers.authorization)
    reply.end('second')
  })
  const first = await serve((request, reply) => {
    seen.push(request.headers.authorization)
    reply.writeHead(302, { location: `http://127.0.0.1:${second}/` }).end()
  })
  const out = outbound({ allowPrivate: () => true })
  await expect(call(out, 'http://example.com@169.254.169.254/')).rejects.toMatchObject(refused)
  await expect(call(out, 'http://example.com%2f@169.254.169.254/')).rejects.toMatchObject(refused)
  expect(await call(out, `http://name:secret@127.0.0.1:${first}/`)).toBe('second')
  expect(seen).toEqual([`Basic ${Buffer.from('name:secret').toString('base64')}`, undefined])
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { closedLoop, percentile, readReply, requestBytes } from './support.ts'

it('takes percentiles by the nearest rank', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index)
  expect([percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1)]).toEqual([50, 99, 100])
})

it('knows when a reply is complete, by length and by chunks', () => {
  const whole = Buffer.from('HTTP/1.1 201 Created\r\nContent-Length: 4\r\n\r\nbody')
  expect(readReply(whole)).toEqual({ status: 201, length: whole.length })
  expect(readReply(whole.subarray(0, -1))).toBeUndefined()
  const chunked = Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n')
  expect(readReply(chunked)).toEqual({ status: 200, length: chunked.length })
  expect(readReply(chunked.subarray(0, -2))).toBeUndefined()
})

it('writes a request with its length in bytes', () => {
  const bytes = requestBytes({ method: 'POST', path: '/x', body: 'é' }, 'h')
  expect(bytes.toString()).toBe('POST /x HTTP/1.1\r\nhost: h\r\ncontent-length: 2\r\n\r\né')
})

it('keeps every user busy and counts what came back', async () => {
  let open = 0
  const server = createServer((request, response) =>
    response.writeHead(request.url === '/no' ? 404 : 200).end('ok'),
  )
  server.on('connection', () => (open += 1))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const next = (_: number, sequence: number) => ({
    method: 'GET',
    path: sequence % 2 === 0 ? '/yes' : '/no',
    kind: sequence % 2 === 0 ? 'yes' : 'no',
  })
  const result = await closedLoop({ host: '127.0.0.1', port, users: 3, durationMs: 100, warmUpMs: 20, next })
  server.close()
  expect(open).toBe(3)
  expect(Object.keys(result.statuses).toSorted()).toEqual(['200', '404'])
  expect(result.kinds.yes?.count).toBe(result.statuses['200'])
  expect(result.requests).toBeGreaterThan(10)
})

import { createServer, get } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { until } from '../../../../../tests/support/until.ts'
import { openEventStream } from './sse.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A stream's two ends. */
async function open(): Promise<{ response: ServerResponse; reader: IncomingMessage }> {
  const arrived = Promise.withResolvers<ServerResponse>()
  const server = createServer((_request, response) => {
    response.flushHeaders()
    arrived.resolve(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const asked = Promise.withResolvers<IncomingMessage>()
  const request = get({ port, host: '127.0.0.1' }, asked.resolve).on('error', () => undefined)
  closers.push(() => {
    request.destroy()
    server.close()
    server.closeAllConnections()
  })
  return { response: await arrived.promise, reader: await asked.promise }
}

function streamOn(response: ServerResponse) {
  // Its head has gone out already, so that both ends are there.
  response.writeHead = () => response
  return openEventStream(response, {})
}

test('a reader that catches up gets all of a large answer sent in one go', async () => {
  const { response, reader } = await open()
  let text = ''
  reader.setEncoding('utf8').on('data', (piece: string) => void (text += piece))
  const stream = streamOn(response)
  const many = 5000
  for (let id = 1; id <= many; id += 1)
    stream.send({ id, event: 'text-delta', data: { text: 'x'.repeat(60) } })
  stream.end()
  await until(() => reader.complete, { what: 'the whole answer' })
  expect(text.match(/^id: /gm)).toHaveLength(many)
})

test('a reader that does not read is dropped', async () => {
  const { response, reader } = await open()
  reader.pause()
  const stream = streamOn(response)
  let sent = 0
  await until(
    () => {
      if (!stream.signal.aborted) stream.send({ id: (sent += 1), data: 'x'.repeat(30_000) })
      return stream.signal.aborted
    },
    { what: 'the drop' },
  )
  expect(sent).toBeGreaterThan(2)
})

/**
 * A paced provider: each chat completion is streamed at a fixed rate, one event a write, each with the time it was sent,
 * so that a reader can tell how late it came. Arguments: port, tokens a second, tokens an answer.
 */
import { createServer } from 'node:http'

const [port = '0', rate = '50', tokens = '400'] = process.argv.slice(2)
const everyMs = 1000 / Number(rate)
const total = Number(tokens)

/** About 205 bytes, as providers send them. */
function chunk(index: number): string {
  const delta = { content: ` w${index}@${(performance.timeOrigin + performance.now()).toFixed(1)}@` }
  const body = {
    id: 'chatcmpl-bench',
    object: 'chat.completion.chunk',
    created: 1790000000,
    model: 'bench',
    choices: [{ index: 0, delta, finish_reason: null }],
  }
  return `data: ${JSON.stringify(body)}\n\n`
}

interface Stream {
  write(text: string): void
  end(): void
  sent: number
  next: number
}
const streams = new Set<Stream>()

/* One clock for all: a timer each would be late by itself. */
setInterval(() => {
  const now = performance.now()
  for (const stream of streams) {
    while (stream.next <= now) {
      if (stream.sent === total) {
        streams.delete(stream)
        stream.end()
        break
      }
      stream.write(chunk(stream.sent++))
      stream.next += everyMs
    }
  }
}, 2)

createServer((request, response) => {
  request.resume()
  if (request.method === 'GET') {
    response.setHeader('content-type', 'application/json')
    return response.end(JSON.stringify({ object: 'list', data: [{ id: 'bench', object: 'model' }] }))
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const stream: Stream = {
    sent: 0,
    /* Starts are spread over one interval, as real ones are. */
    next: performance.now() + Math.random() * everyMs,
    write: (text) => response.write(text),
    end: () => {
      const stop = {
        id: 'chatcmpl-bench',
        object: 'chat.completion.chunk',
        created: 1790000000,
        model: 'bench',
        choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
      }
      response.end(`data: ${JSON.stringify(stop)}\n\ndata: [DONE]\n\n`)
    },
  }
  request.on('close', () => undefined)
  response.on('close', () => streams.delete(stream))
  streams.add(stream)
}).listen(Number(port), '127.0.0.1')

/**
 * A provider that answers at once, with a short answer: as a stream where one is asked for, which is how the product
 * asks, else whole. Argument: port.
 */
import { createServer } from 'node:http'

const [port = '0'] = process.argv.slice(2)
const base = { id: 'chatcmpl-bench', created: 1790000000, model: 'bench' }
const usage = { prompt_tokens: 20, completion_tokens: 4, total_tokens: 24 }
const words = ['It ', 'is ', 'fine', '.']

const chunk = (delta: object, finish: string | null, more: object = {}) => {
  const choices = [{ index: 0, delta, finish_reason: finish }]
  return `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices, ...more })}\n\n`
}
const streamed = [
  chunk({ role: 'assistant', content: '' }, null),
  ...words.map((content) => chunk({ content }, null)),
  chunk({}, 'stop', { usage }),
  'data: [DONE]\n\n',
].join('')
const whole = JSON.stringify({
  ...base,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: words.join('') }, finish_reason: 'stop' }],
  usage,
})

createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (piece: string) => (body += piece))
  request.on('end', () => {
    const isStream = body.includes('"stream":true')
    const text = isStream ? streamed : whole
    response.writeHead(200, {
      'content-type': isStream ? 'text/event-stream' : 'application/json',
      'content-length': Buffer.byteLength(text),
    })
    response.end(text)
  })
}).listen(Number(port), '127.0.0.1')

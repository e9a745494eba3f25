/** The floor of carrying a stream: an http pipe that reads nothing and keeps nothing. Arguments: port, upstream port. */
import { createServer, request as call } from 'node:http'

const [port = '0', upstream = '0'] = process.argv.slice(2)

createServer((request, response) => {
  const forward = call(
    { host: '127.0.0.1', port: Number(upstream), method: 'POST', path: '/v1/chat/completions', agent: false },
    (reply) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      reply.pipe(response)
    },
  )
  request.pipe(forward)
}).listen(Number(port), '127.0.0.1')

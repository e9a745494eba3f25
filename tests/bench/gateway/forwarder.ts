/**
 * The floor of a gateway: takes a body whole, looks at its model, sends it on over connections that stay open, and hands
 * the reply back as it comes. It knows no keys, checks nothing and counts nothing. Arguments: port, upstream port.
 */
import { Agent, createServer, request as call } from 'node:http'

const [port = '0', upstream = '0'] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 256 })

createServer((request, response) => {
  const pieces: Buffer[] = []
  request.on('data', (piece: Buffer) => pieces.push(piece))
  request.on('end', () => {
    const body = JSON.stringify(JSON.parse(Buffer.concat(pieces).toString()))
    const forward = call(
      {
        host: '127.0.0.1',
        port: Number(upstream),
        method: 'POST',
        path: '/v1/chat/completions',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (reply) => {
        response.writeHead(reply.statusCode ?? 502, { 'content-type': reply.headers['content-type'] })
        reply.pipe(response)
      },
    )
    forward.end(body)
  })
}).listen(Number(port), '127.0.0.1')

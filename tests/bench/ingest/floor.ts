import { fdatasyncSync, openSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import { zstdCompressSync } from 'node:zlib'

/**
 * What any server of this wire must do at the least: read the body, parse it, part it by series, and have it on the
 * disk before it answers. No users, no keys, no replacing, nothing that could be read again.
 */
const [file = '', port = '0'] = process.argv.slice(2)
const out = openSync(file, 'a')

interface Metric {
  key: string
  index: number
  data: number
  create_time: string
}

createServer((request, reply) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    if (parts.length > 0) {
      const { metrics } = JSON.parse(Buffer.concat(parts).toString()) as { metrics: Metric[] }
      const bySeries = new Map<string, number[]>()
      for (const { key, index, data, create_time } of metrics) {
        let numbers = bySeries.get(key)
        if (!numbers) bySeries.set(key, (numbers = []))
        numbers.push(index, data, Date.parse(create_time))
      }
      for (const numbers of bySeries.values())
        writeSync(out, zstdCompressSync(new Uint8Array(Float64Array.from(numbers).buffer)))
      fdatasyncSync(out)
    }
    reply.end('{}')
  })
}).listen(Number(port), '127.0.0.1')

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { startServer } from '../support/server.ts'
import { type Bench, type BenchRow, residentMiB } from './support.ts'

const root = path.resolve(import.meta.dirname, '../..')

/** Gzip bytes of the script that `index.html` names: what every first load fetches before its page's own part. */
function entryBytes(): number {
  const dist = path.join(root, 'apps/web/dist')
  const html = readFileSync(path.join(dist, 'index.html'), 'utf8')
  const named = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, file]) => file ?? '')
  return named.reduce(
    (sum, file) => sum + gzipSync(readFileSync(path.join(dist, file)), { level: 9 }).length,
    0,
  )
}

/** First start on an empty folder, second start, memory at rest. */
export const bench: Bench = async () => {
  const began = performance.now()
  await using server = await startServer({ database: 'sqlite' })
  const first = performance.now() - began
  await server.stop()
  const again = performance.now()
  await server.start()
  const second = performance.now() - again
  await wait(8000)
  const idle = residentMiB(server.pid)
  const chunks = readdirSync(path.join(root, 'apps/web/dist/assets')).filter((file) =>
    file.endsWith('.js'),
  ).length
  const rows: BenchRow[] = [
    { name: 'first start to health (built, empty folder)', figures: { ms: first } },
    { name: 'second start to health', figures: { ms: second } },
    { name: 'idle memory after 8 s', figures: { MiB: idle } },
    { name: 'script named by index.html, gzip', figures: { KB: entryBytes() / 1000, chunks } },
  ]
  return {
    rows,
    notes: ['What sign-in and home fetch in all is measured on the wire by the browser tests.'],
  }
}

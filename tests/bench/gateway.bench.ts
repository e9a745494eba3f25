import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { freePort } from '../support/ports.ts'
import { startServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { steady } from './gateway/steady.ts'
import {
  type Bench,
  type BenchRow,
  type LoadRequest,
  closedLoop,
  cpuMs,
  onCore,
  percentile,
  pinToCore,
  residentMiB,
} from './support.ts'

const callers = 50
const perSecond = 500
const durationMs = 8000
const warmUpMs = 2000

interface Target {
  name: string
  port: number
  /** Of the process that is measured; undefined for the provider called directly. */
  pid: number | undefined
  request: LoadRequest
}

function startScript(core: number, name: string, args: number[]): ChildProcess {
  const script = path.join(import.meta.dirname, 'gateway', name)
  const [command = process.execPath, ...rest] = [
    ...onCore(core),
    process.execPath,
    script,
    ...args.map(String),
  ]
  return spawn(command, rest, { stdio: ['ignore', 'ignore', 'inherit'] })
}

function chat(headers: Record<string, string> = {}): LoadRequest {
  return {
    method: 'POST',
    path: '/v1/chat/completions',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'bench', messages: [{ role: 'user', content: 'Is it fine?' }] }),
  }
}

interface Loop {
  perSecond: number
  p50: number
  p99: number
  cpuUs: number
  refused: number
}

async function loop(target: Target, users: number): Promise<Loop> {
  const before = target.pid === undefined ? 0 : cpuMs(target.pid)
  let sent = 0
  const load = await closedLoop({
    host: '127.0.0.1',
    port: target.port,
    users,
    durationMs,
    warmUpMs,
    next: () => {
      sent += 1
      return target.request
    },
  })
  const used = target.pid === undefined ? 0 : cpuMs(target.pid) - before
  return {
    perSecond: load.perSecond,
    p50: load.p50Ms,
    p99: load.p99Ms,
    cpuUs: (used * 1000) / sent,
    refused: load.requests - (load.statuses['200'] ?? 0),
  }
}

async function rate(target: Target): Promise<Omit<Loop, 'perSecond' | 'cpuUs'>> {
  const { latencies, statuses } = await steady({
    port: target.port,
    perSecond,
    durationMs,
    warmUpMs,
    request: target.request,
  })
  return {
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    refused: latencies.length - (statuses['200'] ?? 0),
  }
}

/** Whole calls through the gateway, beside a bare forwarder and the provider called directly, in the same run. */
async function measure(targets: readonly Target[]): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  const one = new Map<string, Loop>()
  for (const target of targets) one.set(target.name, await loop(target, 1))
  const direct = one.get('direct')?.p50 ?? Number.NaN
  for (const [name, { p50, p99 }] of one) {
    rows.push({
      name: `one caller: ${name}`,
      figures: { 'p50 ms': p50, 'p99 ms': p99, 'added p50 ms': p50 - direct },
    })
  }
  const many = new Map<string, Loop>()
  for (const target of targets.filter((each) => each.pid !== undefined)) {
    many.set(target.name, await loop(target, callers))
  }
  const bare = many.get('forwarder')?.perSecond ?? Number.NaN
  for (const [name, { p50, p99, cpuUs, perSecond: reached, refused }] of many) {
    const figures = {
      'p50 ms': p50,
      'p99 ms': p99,
      'CPU µs/request': cpuUs,
      'requests/s': reached,
      '× forwarder': reached / bare,
      refused,
    }
    rows.push({ name: `${callers} callers: ${name}`, figures })
  }
  const paced = new Map<string, Awaited<ReturnType<typeof rate>>>()
  for (const target of targets) paced.set(target.name, await rate(target))
  const still = paced.get('direct')
  for (const [name, { p50, p99, refused }] of paced) {
    const added = { 'added p50 ms': p50 - (still?.p50 ?? 0), 'added p99 ms': p99 - (still?.p99 ?? 0) }
    rows.push({
      name: `${perSecond} a second: ${name}`,
      figures: { 'p50 ms': p50, 'p99 ms': p99, ...added, refused },
    })
  }
  return rows
}

export const bench: Bench = async () => {
  pinToCore(1)
  const [upstreamPort, forwarderPort] = [await freePort(), await freePort()]
  const upstream = startScript(1, 'upstream.ts', [upstreamPort])
  const forwarder = startScript(0, 'forwarder.ts', [forwarderPort, upstreamPort])
  try {
    for (const port of [upstreamPort, forwarderPort]) {
      const asked = async () =>
        (await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, { method: 'POST', body: '{}' })).ok
      await until(asked, { timeoutMs: 10_000, what: `port ${port}` })
    }
    await using server = await startServer({ database: 'sqlite', wrapper: onCore(0) })
    const client = await server.adminClient()
    const connection = await client.call('models.createConnection', {
      body: { name: 'bench', provider: 'openai-compatible', baseUrl: `http://127.0.0.1:${upstreamPort}/v1` },
    })
    await client.call('models.create', {
      body: { name: 'bench', connectionId: connection.id, providerModel: 'bench' },
    })
    const { key } = await client.call('auth.createKey', { body: { name: 'bench', scopes: ['gateway'] } })
    const rows = await measure([
      { name: 'direct', port: upstreamPort, pid: undefined, request: chat() },
      { name: 'forwarder', port: forwarderPort, pid: forwarder.pid ?? 0, request: chat() },
      {
        name: 'gateway',
        port: server.port,
        pid: server.pid,
        request: chat({ authorization: `Bearer ${key}` }),
      },
    ])
    const memory = residentMiB(server.pid)
    return {
      rows,
      notes: [
        `Whole replies of four tokens; server or forwarder on one core, provider and callers on the other. The gateway asks the provider for a stream and counts each call in the ledger. Its memory at the end: ${memory.toFixed(0)} MiB.`,
      ],
    }
  } finally {
    upstream.kill('SIGKILL')
    forwarder.kill('SIGKILL')
  }
}

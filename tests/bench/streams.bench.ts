import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from '../support/client.ts'
import { freePort } from '../support/ports.ts'
import { type TestServer, startServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { Lateness, readStream, startScript } from './streams/streams.ts'
import { type Bench, type BenchRow, cpuMs, onCore, percentile, pinToCore, residentMiB } from './support.ts'

const few = 200
const many = 1000
const tokensPerSecond = 50
/** Of one answer: sixteen seconds. */
const tokens = 800

interface Measured {
  row: BenchRow
  /** CPU per token while all ran, and of the whole run. */
  us: { steady: number; whole: number }
}

interface Run {
  name: string
  pid: number
  streams: number
  pipe?: Measured['us']
  /** Another request, asked again and again while streams begin: a burst must not hold up others. */
  other?: () => Promise<unknown>
  stream: (lateness: Lateness, number: number) => Promise<void>
}

/** Starts all streams at once and reads them to their end. The burst of starts and the time when all ran stand apart. */
async function measure({ name, pid, streams, pipe, other, stream }: Run): Promise<Measured> {
  const before = cpuMs(pid)
  const began = performance.now()
  let allBegun = Number.NaN
  const lateness = new Lateness(streams, () => {
    if (Number.isNaN(allBegun)) allBegun = performance.now()
    return cpuMs(pid)
  })
  const others: number[] = []
  const asking = other && askWhile(() => Number.isNaN(allBegun), other, others)
  await Promise.all(Array.from({ length: streams }, (_, number) => stream(lateness, number)))
  await asking
  const whole = ((cpuMs(pid) - before) * 1000) / lateness.late.length
  const { late = [], cpuUs = Number.NaN, seconds = 0 } = lateness.steady() ?? {}
  const figures = {
    'CPU µs/token': cpuUs,
    '× pipe': pipe ? cpuUs / pipe.steady : 1,
    'late p50 ms': percentile(late, 0.5),
    'late p99 ms': percentile(late, 0.99),
    'steady s': seconds,
    'all begun s': (allBegun - began) / 1000,
    'others p50 ms': others.length > 0 ? percentile(others, 0.5) : '',
    'others max ms': others.length > 0 ? percentile(others, 1) : '',
    'whole CPU µs/token': whole,
    '× whole pipe': pipe ? whole / pipe.whole : 1,
    'whole late p99 ms': percentile(lateness.late, 0.99),
    'RSS MiB': residentMiB(pid),
  }
  return { row: { name: `${streams}: ${name}`, figures }, us: { steady: cpuUs, whole } }
}

const otherEveryMs = 25

async function askWhile(isOn: () => boolean, ask: () => Promise<unknown>, took: number[]): Promise<void> {
  while (isOn()) {
    const at = performance.now()
    await ask()
    took.push(performance.now() - at)
    await wait(otherEveryMs)
  }
}

async function measurePipe(upstreamPort: number, streams: number): Promise<Measured> {
  const port = await freePort()
  const pipe = startScript(0, 'pipe.ts', [port, upstreamPort])
  const url = `http://127.0.0.1:${port}/`
  try {
    await until(async () => (await fetch(url, { method: 'POST' })).body?.cancel() !== null, {
      timeoutMs: 10_000,
      what: 'the pipe',
    })
    const stream: Run['stream'] = (lateness) => readStream(url, {}, 'POST', lateness)
    return await measure({ name: 'bare http pipe', pid: pipe.pid ?? 0, streams, stream })
  } finally {
    pipe.kill('SIGKILL')
  }
}

interface Ready {
  server: TestServer
  client: Client
  modelId: string
  key: string
}

async function prepare(server: TestServer, upstreamPort: number): Promise<Ready> {
  const client = await server.adminClient()
  const connection = await client.call('models.createConnection', {
    body: { name: 'bench', provider: 'openai-compatible', baseUrl: `http://127.0.0.1:${upstreamPort}/v1` },
  })
  const model = await client.call('models.create', {
    body: { name: 'bench', connectionId: connection.id, providerModel: 'bench' },
  })
  const { key } = await client.call('auth.createKey', { body: { name: 'bench', scopes: ['gateway'] } })
  return { server, client, modelId: model.id, key }
}

const othersOf = (client: Client) => () => client.call('models.list')

async function measureChat(
  { server, client, modelId }: Ready,
  streams: number,
  pipe: Measured['us'],
): Promise<BenchRow> {
  const headers = { authorization: `Bearer ${client.token}` }
  const ids: string[] = []
  for (let number = 0; number < streams; number++) {
    ids.push((await client.call('chat.createConversation', { body: { modelId } })).id)
  }
  const stream: Run['stream'] = async (lateness, number) => {
    const sent = await client.call('chat.send', { params: { id: ids[number] ?? '' }, body: { text: 'go' } })
    const generationId = sent.answer?.answer?.generationId ?? ''
    const url = `${server.baseUrl}/api/v1/generations/${generationId}/events`
    await readStream(url, headers, 'GET', lateness)
  }
  const name = 'chat, saved, merged, read by SSE'
  return (await measure({ name, pid: server.pid, streams, pipe, other: othersOf(client), stream })).row
}

async function measureGateway(
  { server, client, key }: Ready,
  streams: number,
  pipe: Measured['us'],
): Promise<BenchRow> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ model: 'bench', messages: [{ role: 'user', content: 'go' }], stream: true })
  const url = `http://127.0.0.1:${server.port}/v1/chat/completions`
  const stream: Run['stream'] = (lateness) => readStream(url, headers, 'POST', lateness, body)
  const name = 'gateway, merged'
  return (await measure({ name, pid: server.pid, streams, pipe, other: othersOf(client), stream })).row
}

/** Streams of chat and of the gateway with a reader each, beside a bare http pipe of the same run. */
export const bench: Bench = async () => {
  pinToCore(1)
  const upstreamPort = await freePort()
  const upstream = startScript(1, 'upstream.ts', [upstreamPort, tokensPerSecond, tokens])
  const rows: BenchRow[] = []
  try {
    await until(async () => (await fetch(`http://127.0.0.1:${upstreamPort}/v1/models`)).ok, {
      timeoutMs: 10_000,
      what: 'the upstream',
    })
    await using server = await startServer({ database: 'sqlite', wrapper: onCore(0) })
    const ready = await prepare(server, upstreamPort)
    for (const streams of [few, many]) {
      const { us, row } = await measurePipe(upstreamPort, streams)
      rows.push(row, await measureChat(ready, streams, us), await measureGateway(ready, streams, us))
    }
  } finally {
    upstream.kill('SIGKILL')
  }
  const notes = [
    `Streams of ${tokensPerSecond} tokens/s, ${tokens} tokens each; server on one core, provider and readers on the other, all started at once. Lateness holds the merge window of 40 ms. The first figures are of the time when all ran; 'others' is a list of models asked for while they began; 'whole' holds starting and ending each answer.`,
  ]
  return { rows, notes }
}

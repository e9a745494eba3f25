import type { Client } from '../support/client.ts'
import { freePort } from '../support/ports.ts'
import { type TestServer, startServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { readStream, startScript } from './streams/streams.ts'
import { type Bench, type BenchRow, cpuMs, onCore, percentile, pinToCore, residentMiB } from './support.ts'

const few = 200
const many = 1000
const tokensPerSecond = 50
/** Of one answer: eight seconds. */
const tokens = 400

function rowOf(
  name: string,
  cpuUs: number,
  late: number[],
  pipeUs: number | undefined,
  rss: number,
): BenchRow {
  return {
    name,
    figures: {
      'CPU µs/token': cpuUs,
      '× pipe': pipeUs === undefined ? 1 : cpuUs / pipeUs,
      'late p50 ms': percentile(late, 0.5),
      'late p99 ms': percentile(late, 0.99),
      'late max ms': percentile(late, 1),
      tokens: late.length,
      'RSS MiB': rss,
    },
  }
}

async function measurePipe(upstreamPort: number, streams: number): Promise<BenchRow & { us: number }> {
  const port = await freePort()
  const pipe = startScript(0, 'pipe.ts', [port, upstreamPort])
  const pid = pipe.pid ?? 0
  try {
    await until(
      async () => (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST' })).body?.cancel() !== null,
      { timeoutMs: 10_000, what: 'the pipe' },
    )
    const late: number[] = []
    const before = cpuMs(pid)
    await Promise.all(
      Array.from({ length: streams }, () => readStream(`http://127.0.0.1:${port}/`, {}, 'POST', late)),
    )
    const us = ((cpuMs(pid) - before) * 1000) / late.length
    return { ...rowOf(`${streams}: bare http pipe`, us, late, undefined, residentMiB(pid)), us }
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

async function measureChat({ server, client, modelId }: Ready, streams: number, pipeUs: number) {
  const headers = { authorization: `Bearer ${client.token}` }
  const late: number[] = []
  const ids: string[] = []
  for (let number = 0; number < streams; number++) {
    ids.push((await client.call('chat.createConversation', { body: { modelId } })).id)
  }
  const before = cpuMs(server.pid)
  await Promise.all(
    ids.map(async (id) => {
      const sent = await client.call('chat.send', { params: { id }, body: { text: 'go' } })
      const generationId = sent.answer?.answer?.generationId ?? ''
      await readStream(`${server.baseUrl}/api/v1/generations/${generationId}/events`, headers, 'GET', late)
    }),
  )
  const us = ((cpuMs(server.pid) - before) * 1000) / late.length
  return rowOf(`${streams}: chat, saved, merged, read by SSE`, us, late, pipeUs, residentMiB(server.pid))
}

async function measureGateway({ server, key }: Ready, streams: number, pipeUs: number) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ model: 'bench', messages: [{ role: 'user', content: 'go' }], stream: true })
  const late: number[] = []
  const url = `http://127.0.0.1:${server.port}/v1/chat/completions`
  const before = cpuMs(server.pid)
  await Promise.all(Array.from({ length: streams }, () => readStream(url, headers, 'POST', late, body)))
  const us = ((cpuMs(server.pid) - before) * 1000) / late.length
  return rowOf(`${streams}: gateway, merged`, us, late, pipeUs, residentMiB(server.pid))
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
      const { us, ...pipe } = await measurePipe(upstreamPort, streams)
      rows.push(pipe, await measureChat(ready, streams, us), await measureGateway(ready, streams, us))
    }
  } finally {
    upstream.kill('SIGKILL')
  }
  const notes = [
    `Streams of ${tokensPerSecond} tokens/s, ${tokens} tokens each; server on one core, provider and readers on the other. Lateness holds the merge window of 40 ms. CPU of the product holds starting and ending each answer.`,
  ]
  return { rows, notes }
}

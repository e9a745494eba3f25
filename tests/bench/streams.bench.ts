import { freePort } from '../support/ports.ts'
import { startServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { readStream, startScript } from './streams/streams.ts'
import { type Bench, type BenchRow, cpuMs, onCore, percentile, pinToCore, residentMiB } from './support.ts'

const streams = 200
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

async function measurePipe(upstreamPort: number): Promise<BenchRow & { us: number }> {
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
    return { ...rowOf('bare http pipe', us, late, undefined, residentMiB(pid)), us }
  } finally {
    pipe.kill('SIGKILL')
  }
}

/** Chat streams with a reader each, beside a bare http pipe of the same run. */
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
    const { us, ...pipe } = await measurePipe(upstreamPort)
    rows.push(pipe)
    await using server = await startServer({ database: 'sqlite', wrapper: onCore(0) })
    const client = await server.adminClient()
    const connection = await client.call('models.createConnection', {
      body: { name: 'bench', provider: 'openai-compatible', baseUrl: `http://127.0.0.1:${upstreamPort}/v1` },
    })
    const model = await client.call('models.create', {
      body: { name: 'bench', connectionId: connection.id, providerModel: 'bench' },
    })
    const headers = { authorization: `Bearer ${client.token}` }
    const late: number[] = []
    const ids: string[] = []
    for (let number = 0; number < streams; number++) {
      ids.push((await client.call('chat.createConversation', { body: { modelId: model.id } })).id)
    }
    const before = cpuMs(server.pid)
    await Promise.all(
      ids.map(async (id) => {
        const sent = await client.call('chat.send', { params: { id }, body: { text: 'go' } })
        const generationId = sent.answer?.answer?.generationId ?? ''
        await readStream(`${server.baseUrl}/api/v1/generations/${generationId}/events`, headers, 'GET', late)
      }),
    )
    rows.push(
      rowOf(
        'chat, saved, merged, read by SSE',
        ((cpuMs(server.pid) - before) * 1000) / late.length,
        late,
        us,
        residentMiB(server.pid),
      ),
    )
  } finally {
    upstream.kill('SIGKILL')
  }
  const notes = [
    `${streams} streams of ${tokensPerSecond} tokens/s, ${tokens} tokens each; server on one core, provider and readers on the other. Lateness holds the merge window of 40 ms. CPU of the product holds starting and ending each answer.`,
  ]
  return { rows, notes }
}

import type { Client } from '../support/client.ts'
import { freePort } from '../support/ports.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { Lateness, readStream, startScript } from './streams/streams.ts'
import { type Bench, type BenchRow, cpuMs, onCore, percentile, pinToCore } from './support.ts'

const comparisons = 40
const panes = 3
const tokensPerSecond = 50
/** Of one answer: six seconds. */
const tokens = 300
/** Both ways take turns, so that neither has the warmer server. */
const rounds = 2

type Start = () => Promise<string[]>

/** Begins what is to be measured and gives the ids of its generations. */
async function startsOf(client: Client, modelId: string): Promise<Record<string, Start[]>> {
  const chat = async (): Promise<Start> => {
    const { id } = await client.call('chat.createConversation', { body: { modelId } })
    return async () => {
      const sent = await client.call('chat.send', { params: { id }, body: { text: 'go' } })
      return [sent.answer?.answer?.generationId ?? '']
    }
  }
  const comparison = async (): Promise<Start> => {
    const body = { panes: Array.from({ length: panes }, () => ({ modelId })) }
    const { id } = await client.call('compare.create', { body })
    return async () => {
      const turn = await client.call('compare.send', { params: { id }, body: { text: 'go' } })
      return turn.answers.map(({ generationId }) => generationId ?? '')
    }
  }
  const made = async (count: number, make: () => Promise<Start>): Promise<Start[]> => {
    const starts: Start[] = []
    for (let number = 0; number < count; number++) starts.push(await make())
    return starts
  }
  return {
    chats: await made(comparisons * panes, chat),
    comparisons: await made(comparisons, comparison),
  }
}

interface Measured {
  cpuMs: number
  late: number[]
}

/** Every stream with a reader of its own, to its end. */
async function measure(server: TestServer, client: Client, starts: readonly Start[]): Promise<Measured> {
  const headers = { authorization: `Bearer ${client.token}` }
  const lateness = new Lateness(Infinity, () => 0)
  const before = cpuMs(server.pid)
  await Promise.all(
    starts.map(async (start) => {
      const ids = await start()
      const address = (id: string) => `${server.baseUrl}/api/v1/generations/${id}/events`
      await Promise.all(ids.map((id) => readStream(address(id), headers, 'GET', lateness)))
    }),
  )
  return { cpuMs: cpuMs(server.pid) - before, late: lateness.late }
}

function rowOf(name: string, all: readonly Measured[], chatUs: number | null): BenchRow & { us: number } {
  const late = all.flatMap((one) => one.late)
  const us = (all.reduce((sum, one) => sum + one.cpuMs, 0) * 1000) / late.length
  return {
    name,
    us,
    figures: {
      'CPU µs/token': us,
      '× chats': chatUs === null ? 1 : us / chatUs,
      'late p50 ms': percentile(late, 0.5),
      'late p99 ms': percentile(late, 0.99),
      tokens: late.length,
    },
  }
}

/** Three panes of a comparison beside three chats, on the same server in the same run. */
export const bench: Bench = async () => {
  pinToCore(1)
  const upstreamPort = await freePort()
  const upstream = startScript(1, 'upstream.ts', [upstreamPort, tokensPerSecond, tokens])
  try {
    const address = `http://127.0.0.1:${upstreamPort}/v1`
    const isUp = async () => (await fetch(`${address}/models`)).ok
    await until(isUp, { timeoutMs: 10_000, what: 'the upstream' })
    await using server = await startServer({ database: 'sqlite', wrapper: onCore(0) })
    const client = await server.adminClient()
    const connection = await client.call('models.createConnection', {
      body: { name: 'bench', provider: 'openai-compatible', baseUrl: address },
    })
    const model = await client.call('models.create', {
      body: { name: 'bench', connectionId: connection.id, providerModel: 'bench' },
    })
    const starts = await startsOf(client, model.id)
    // What the first streams of a server pay for once is nobody's.
    await measure(server, client, (starts['chats'] ?? []).slice(0, 20))
    const chats: Measured[] = []
    const compared: Measured[] = []
    for (let round = 0; round < rounds; round++) {
      chats.push(await measure(server, client, starts['chats'] ?? []))
      compared.push(await measure(server, client, starts['comparisons'] ?? []))
    }
    const { us, ...chatRow } = rowOf(`${comparisons * panes} chats`, chats, null)
    const { us: _, ...compareRow } = rowOf(`${comparisons} comparisons of ${panes} panes`, compared, us)
    return {
      rows: [chatRow, compareRow],
      notes: [
        `Answers of ${tokensPerSecond} tokens/s, ${tokens} tokens each, every one with a reader; ${rounds} rounds of each way in turn. Server on one core, provider and readers on the other. CPU holds starting and ending each answer.`,
      ],
    }
  } finally {
    upstream.kill('SIGKILL')
  }
}

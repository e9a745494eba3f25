import { setTimeout as pause } from 'node:timers/promises'
import { addModel, unique } from '../../blackbox/support/world.ts'
import type { Client } from '../../support/client.ts'
import { startServer, type TestServer } from '../../support/server.ts'
import { type BenchRow, onCore, percentile, pinToCore } from '../support.ts'

const people = 30
const seconds = 8
const everyMs = 10
const password = 'a password of the bench, long enough'

/** Latencies of others' requests, sent at an even pace whether or not the last was answered. */
async function others(client: Client): Promise<number[]> {
  const times: number[] = []
  const names = ['models.list', 'chat.listConversations', 'auth.me'] as const
  const sent: Promise<void>[] = []
  const began = performance.now()
  for (let at = 0; at * everyMs < seconds * 1000; at += 1) {
    await pause(Math.max(0, began + at * everyMs - performance.now()))
    const from = performance.now()
    sent.push(
      client.send(names[at % names.length] ?? 'auth.me').then(async (reply) => {
        await reply.arrayBuffer()
        times.push(performance.now() - from)
        if (reply.status !== 200) throw new Error(`a request of others was answered ${reply.status}`)
      }),
    )
  }
  await Promise.all(sent)
  return times
}

/** People who sign in over and over until it is over; every second time with a wrong password. */
async function signIns(server: TestServer, mails: readonly string[], over: AbortSignal): Promise<number> {
  let count = 0
  const one = async (email: string, place: number) => {
    for (let at = 0; !over.aborted; at += 1) {
      const body = { email, password: at % 2 ? password : 'not this one, whatever it is' }
      const headers = { 'x-forwarded-for': `10.${place}.${Math.floor(at / 100)}.${at % 100}` }
      const reply = await server.client().send('auth.signIn', { body }, { headers })
      await reply.arrayBuffer()
      if (reply.status === 429) throw new Error('a sign-in of the bench was throttled')
      count += 1
    }
  }
  await Promise.all(mails.map(one))
  return count
}

export async function storm(): Promise<BenchRow[]> {
  pinToCore(1)
  const server = await startServer({
    database: 'sqlite',
    wrapper: onCore(0),
    timeoutMs: 60_000,
    // So that each comes from a place of their own, and what is measured are passwords and not refusals.
    env: { ANNEAL_TRUST_PROXY: 'on' },
  })
  try {
    const admin = await server.adminClient()
    await addModel(admin, { url: 'http://127.0.0.1:9' })
    const mails: string[] = []
    for (let at = 0; at < people; at += 1) {
      const email = `${unique('storm')}@example.com`
      await admin.call('auth.createUser', { body: { email, role: 'member', password } })
      mails.push(email)
    }
    await others(admin)
    const quiet = await others(admin)
    const over = new AbortController()
    const signing = signIns(server, mails, over.signal)
    const stormy = await others(admin)
    over.abort()
    const count = await signing
    const row = (name: string, times: number[], perSecond: number): BenchRow => ({
      name,
      figures: {
        'p50 ms': percentile(times, 0.5),
        'p99 ms': percentile(times, 0.99),
        '× baseline': percentile(times, 0.99) / percentile(quiet, 0.99),
        'sign-ins/s': perSecond,
      },
    })
    return [
      row('baseline: others, nobody signs in', quiet, 0),
      row('others, in a storm of sign-ins', stormy, count / seconds),
    ]
  } finally {
    await server.close()
  }
}

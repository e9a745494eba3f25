import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from '../../tests/support/client.ts'
import type { Made } from './fill.ts'

const day = 86_400_000
const keys = [
  { name: 'support-widget', scopes: ['gateway'], days: 98 },
  { name: 'notebooks', scopes: ['gateway', 'api:read'], days: 6 },
  { name: 'laptop-training', scopes: ['tracking'], days: 18 },
  { name: 'nightly-report', scopes: ['gateway'], days: null },
] as const

const questions = [
  'Where is my parcel?',
  'Summarise yesterday’s tickets in three lines.',
  '把这句话翻译成英文：机械臂已校准。',
  'Is the torque of 4.2 Nm within the limit?',
]

/** Keys of programs, and some calls with one of them: good ones, a wrong model, a caller that hangs up. */
export async function fillGateway(client: Client, models: readonly { name: string }[]): Promise<Made[]> {
  const made: string[] = []
  for (const { name, scopes, days } of keys) {
    const expiresAt = days === null ? null : new Date(Date.now() + days * day).toISOString()
    const { key } = await client.call('auth.createKey', { body: { name, scopes: [...scopes], expiresAt } })
    made.push(key)
  }
  const chat = (model: string, content: string, signal?: AbortSignal) =>
    fetch(`${client.baseUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${made[0]}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content }], stream: signal !== undefined }),
      ...(signal ? { signal } : {}),
    })
  for (const [at, question] of questions.entries()) {
    const model = models[at % models.length]
    if (model) await (await chat(model.name, question)).text()
  }
  const [first] = models
  if (first) {
    const abort = new AbortController()
    const hungUp = chat(first.name, 'Where is my parcel?', abort.signal)
      .then((reply) => reply.text())
      .catch(() => undefined)
    await wait(40)
    abort.abort()
    await hungUp
  }
  return [{ what: 'API keys', name: keys.map(({ name }) => name).join(', '), path: '/gateway' }]
}

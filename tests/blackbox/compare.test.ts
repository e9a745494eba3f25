import type { RouteReply } from '@anneal/contract'
import type { FailMode, ProviderStandIn } from '@anneal/providers/testing'
import { startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { setSetting, sql } from './support/sql.ts'
import { Tab, textOf } from './support/socket.ts'
import { answerText, audit, makeUser, refusal, unique, untilEnded } from './support/world.ts'

type Turn = RouteReply<'compare.send'>
type Answer = Turn['answers'][number]

const TEXT = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ')
const LONG = Array.from({ length: 600 }, (_, index) => `word${index}`).join(' ')

const failures: Record<string, FailMode> = {
  stalls: 'stall-between-tokens',
  refused: 401,
  cut: 'cut-off',
}

let server: TestServer
let admin: Client
let member: Client
let standIn: ProviderStandIn
let models: Record<'steady' | 'other' | 'stalls' | 'refused' | 'cut', string>

/** Models whose provider goes wrong, or not, by the model's name. */
async function makeModels(): Promise<typeof models> {
  const connection = await admin.call('models.createConnection', {
    body: {
      name: unique('connection'),
      provider: 'openai-compatible',
      baseUrl: `${standIn.url}/v1`,
      apiKey: 'sk',
      visibility: 'everyone',
    },
  })
  const made: [string, string][] = []
  for (const providerModel of ['steady', 'other', 'stalls', 'refused', 'cut']) {
    const model = await admin.call('models.create', {
      body: {
        name: unique(providerModel),
        connectionId: connection.id,
        providerModel,
        visibility: 'everyone',
      },
    })
    made.push([providerModel, model.id])
  }
  return Object.fromEntries(made) as typeof models
}

beforeAll(async () => {
  standIn = await startProviderStandIn({
    reply: ({ prompt }) => ({ reasoning: 'Let me see.', text: prompt.startsWith('long') ? LONG : TEXT }),
    tokenDelayMs: 2,
    fail: ({ model }) => failures[model],
  })
  server = await startServer()
  await server.stop()
  await setSetting(server, 'generations.idleTimeout', 2)
  await server.start()
  admin = await server.adminClient()
  member = (await makeUser(server, admin, 'member')).client
  models = await makeModels()
})
afterAll(async () => {
  await server?.close()
  await standIn?.close()
})
beforeEach(() => void (standIn.requests.length = 0))

async function begin(modelIds: (string | null)[], client = member) {
  return client.call('compare.create', { body: { panes: modelIds.map((modelId) => ({ modelId })) } })
}
const send = (id: string, text: string, client = member) =>
  client.call('compare.send', { params: { id }, body: { text } })
async function ended(id: string, client = member): Promise<Turn> {
  return until(
    async () => {
      const { turns } = await client.call('compare.get', { params: { id } })
      const last = turns.at(-1)
      return last?.answers.some(({ state }) => state === 'running') ? null : last
    },
    { what: 'the end of every pane' },
  )
}
const of = (turn: Turn, paneId: string): Answer =>
  turn.answers.find((answer) => answer.paneId === paneId && answer.chosen)!

describe('three panes', () => {
  test('of which one stalls, one answers 401 and one is cut off: none holds up another', async () => {
    const { id, panes } = await begin([models.stalls, models.refused, models.cut])
    const [stalls, refused, cut] = panes.map((pane) => pane.id) as [string, string, string]
    const sent = await send(id, 'Hello')
    expect(sent.answers.map(({ paneId }) => paneId)).toEqual([stalls, refused, cut])
    const stalled = sent.answers[0]!.generationId!
    const others = await Promise.all(
      sent.answers.slice(1).map(({ generationId }) => untilEnded(member, generationId!)),
    )
    expect(others.map(({ error }) => error?.code)).toEqual(['provider.unauthorized', 'provider.cut-off'])
    const stillRuns = await member.call('generations.get', { params: { id: stalled } })
    expect(stillRuns.state).toBe('running')

    const turn = await ended(id)
    expect(of(turn, stalls)).toMatchObject({ state: 'failed', error: { code: 'provider.stalled' } })
    expect(of(turn, refused)).toMatchObject({ state: 'failed', parts: [] })
    for (const pane of [stalls, cut]) {
      const kept = answerText(of(turn, pane).parts)
      expect(kept.length).toBeGreaterThan(20)
      expect(TEXT.startsWith(kept)).toBe(true)
    }
    // The comparison is found as it was, and goes on.
    const again = await send(id, 'Hello again')
    expect(again.answers).toHaveLength(3)
    await ended(id)
  })

  test('a model that cannot be called fails its own pane; a retry with another goes well', async () => {
    const gone = await admin.call('models.create', {
      body: {
        name: unique('gone'),
        connectionId: (await admin.call('models.get', { params: { id: models.steady } })).connectionId,
        providerModel: 'steady',
        visibility: 'everyone',
      },
    })
    const { id, panes } = await begin([models.steady, gone.id, null])
    await admin.call('models.delete', { params: { id: gone.id } })
    const sent = await send(id, 'Hello')
    expect(sent.answers.map(({ error }) => error?.code)).toEqual([
      undefined,
      'models.not-found',
      'compare.no-model',
    ])
    expect(sent.answers[1]).toMatchObject({ state: 'failed', generationId: null, modelName: gone.name })

    const { comparison } = await member.call('compare.get', { params: { id } })
    await member.call('compare.update', {
      params: { id },
      body: {
        version: comparison.version,
        panes: comparison.panes.map((pane, at) => (at === 1 ? { ...pane, modelId: models.other } : pane)),
      },
    })
    const params = { id, turnId: sent.id, paneId: panes[1]!.id }
    const retried = await member.call('compare.retry', { params })
    expect(retried.answers.filter(({ paneId }) => paneId === panes[1]!.id)).toHaveLength(2)
    const turn = await ended(id)
    expect(of(turn, panes[1]!.id)).toMatchObject({ state: 'finished', modelId: models.other })
  })

  test('without any model nothing is asked', async () => {
    const { id } = await begin([null, null])
    expect((await refusal(send(id, 'Hello'))).code).toBe('compare.no-model')
    expect((await member.call('compare.get', { params: { id } })).turns).toEqual([])
  })
})

describe('what each pane gets', () => {
  test('shared settings, or its own; each goes on from its own chosen answer', async () => {
    standIn.set({
      reply: ({ model, body }) => ({ text: `${model} ${(body['messages'] as unknown[]).length}` }),
      fail: undefined,
    })
    try {
      const made = await member.call('compare.create', {
        body: {
          shared: { system: 'Be short.', parameters: { temperature: 0.2 }, prompt: null },
          panes: [
            { modelId: models.steady },
            { modelId: models.other, system: 'Be long.', parameters: { temperature: 1, maxTokens: 9 } },
            { modelId: models.cut, system: '' },
          ],
        },
      })
      await send(made.id, 'One?')
      const first = await ended(made.id)
      const asked = (model: string) =>
        standIn.requests.filter(({ body }) => body?.['model'] === model).map(({ body }) => body!)
      expect(asked('steady')[0]).toMatchObject({
        temperature: 0.2,
        messages: [
          { role: 'system', content: 'Be short.' },
          { role: 'user', content: 'One?' },
        ],
      })
      expect(asked('other')[0]).toMatchObject({ temperature: 1, messages: [{ content: 'Be long.' }, {}] })
      expect(asked('cut')[0]!['messages']).toEqual([{ role: 'user', content: 'One?' }])

      const paneId = made.panes[0]!.id
      const params = { id: made.id, turnId: first.id }
      await member.call('compare.retry', { params: { ...params, paneId } })
      await ended(made.id)
      const chosen = await member.call('compare.choose', {
        params: { ...params, answerId: of(first, paneId).id },
      })
      expect(of(chosen, paneId).id).toBe(of(first, paneId).id)
      standIn.requests.length = 0
      await send(made.id, 'Two?')
      await ended(made.id)
      expect(asked('steady')[0]!['messages']).toEqual([
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: 'One?' },
        { role: 'assistant', content: 'steady 2' },
        { role: 'user', content: 'Two?' },
      ])
      const closed = member.call('compare.retry', { params: { ...params, paneId } })
      expect((await refusal(closed)).code).toBe('compare.turn-closed')
      const answerId = of(first, paneId).id
      const late = member.call('compare.choose', { params: { ...params, answerId } })
      expect((await refusal(late)).code).toBe('compare.turn-closed')
    } finally {
      standIn.set({
        reply: ({ prompt }) => ({ reasoning: 'Let me see.', text: prompt.startsWith('long') ? LONG : TEXT }),
        fail: ({ model }) => failures[model],
      })
    }
  })

  test('a prompt of which there is no version in production fails its pane alone', async () => {
    const prompt = { promptId: '01900000-0000-7000-8000-000000000000', version: null, variables: {} }
    const made = await member.call('compare.create', {
      body: { panes: [{ modelId: models.steady }, { modelId: models.other, prompt }] },
    })
    await send(made.id, 'Hello')
    const turn = await ended(made.id)
    expect(turn.answers.map(({ state, error }) => [state, error?.code])).toEqual([
      ['finished', undefined],
      ['failed', 'prompts.not-found'],
    ])
  })
})

describe('a saved prompt', () => {
  test('is filled and sent, and each answer remembers its version', async () => {
    const saved = await member.call('prompts.create', {
      body: {
        name: unique('support'),
        text: 'You answer {{who}}.',
        message: 'first',
        variables: [{ name: 'who', default: null, description: '' }],
      },
    })
    const choice = { promptId: saved.id, version: 1, variables: { who: 'an operator' } }
    const made = await member.call('compare.create', {
      body: {
        shared: { prompt: choice },
        panes: [
          { modelId: models.steady },
          { modelId: models.other, system: 'Be short.' },
          { modelId: models.other, prompt: { ...choice, variables: {} } },
        ],
      },
    })
    await send(made.id, 'Hello')
    const turn = await ended(made.id)
    const systemOf = (model: string) => {
      const asked = standIn.requests.find(({ body }) => body?.['model'] === model)
      const messages = asked?.body?.['messages'] as { content: string }[] | undefined
      return messages?.[0]?.content
    }
    expect([systemOf('steady'), systemOf('other')]).toEqual(['You answer an operator.', 'Be short.'])
    expect(turn.answers.map(({ prompt, error }) => [prompt, error?.code])).toEqual([
      [{ promptId: saved.id, name: saved.name, version: 1 }, undefined],
      [null, undefined],
      [null, 'prompts.variable-missing'],
    ])
  })
})

describe('a vote', () => {
  const rowsOf = (turnId: string) =>
    sql(server, 'select choice, pane_id from comparison_vote where turn_id = ?', [turnId])

  test('is kept, counts once however often it is sent, and may be changed until the next prompt', async () => {
    const { id, panes } = await begin([models.steady, models.other])
    const { id: turnId } = await send(id, 'Hello')
    await ended(id)
    const params = { id, turnId }
    const [a] = panes
    const best = { choice: 'pane' as const, paneId: a!.id }
    const first = await member.call('compare.vote', { params, body: best })
    const twice = await Promise.all([
      member.call('compare.vote', { params, body: best }),
      member.call('compare.vote', { params, body: best }),
    ])
    expect(first.vote).toMatchObject({ choice: 'pane', paneId: a!.id })
    for (const { vote } of twice) expect(vote).toEqual(first.vote)
    expect(await rowsOf(turnId)).toHaveLength(1)
    const audited = (await audit(admin)).filter(
      ({ targetId, action }) => targetId === id && action === 'comparison.voted',
    )
    expect(audited).toHaveLength(1)

    const changed = await member.call('compare.vote', { params, body: { choice: 'all-bad' } })
    expect(changed.vote).toMatchObject({ choice: 'all-bad', paneId: null })
    expect(await rowsOf(turnId)).toMatchObject([{ choice: 'all-bad', pane_id: null }])

    await send(id, 'Next')
    const late = await refusal(member.call('compare.vote', { params, body: { choice: 'tie' } }))
    expect(late).toMatchObject({ status: 409, code: 'compare.vote-closed' })
    const { turns } = await member.call('compare.get', { params: { id } })
    expect(turns[0]!.vote).toMatchObject({ choice: 'all-bad' })
    await ended(id)
  })

  test('is refused for a pane that is none of these, and where there is no choice', async () => {
    const { id } = await begin([models.steady, models.other])
    const { id: turnId } = await send(id, 'Hello')
    const foreign = (await begin([models.steady])).panes[0]!.id
    const vote = (body: Parameters<typeof member.call<'compare.vote'>>[1] extends infer I ? I : never) =>
      refusal(member.call('compare.vote', body))
    expect((await vote({ params: { id, turnId }, body: { choice: 'pane', paneId: foreign } })).code).toBe(
      'compare.pane-not-found',
    )
    const one = await begin([models.steady])
    const alone = await send(one.id, 'Hello')
    expect((await vote({ params: { id: one.id, turnId: alone.id }, body: { choice: 'tie' } })).code).toBe(
      'compare.vote-needs-two',
    )
    expect((await vote({ params: { id, turnId: alone.id }, body: { choice: 'tie' } })).code).toBe(
      'compare.turn-not-found',
    )
    await ended(id)
    await ended(one.id)
  })
})

describe('while panes answer', () => {
  test('a page that comes in mid-stream goes on where it is; two tabs see the same', async () => {
    const { id } = await begin([models.steady, models.other])
    const sent = await send(id, 'long, please')
    const [answer] = sent.answers
    const first = await Tab.open(member)
    first.watch('generation', answer!.generationId!)
    await until(() => textOf(first.events(answer!.generationId!)).length > 200, { what: 'some text' })
    const { turns } = await member.call('compare.get', { params: { id } })
    const found = turns[0]!.answers[0]!
    expect(found).toMatchObject({ state: 'running', id: answer!.id })
    expect(answerText(found.parts).length).toBeGreaterThan(0)
    const second = await Tab.open(member)
    second.watch('generation', found.generationId!, found.seq)
    await until(() => first.isDone(found.generationId!) && second.isDone(found.generationId!))
    expect(answerText(found.parts) + textOf(second.events(found.generationId!))).toContain(LONG.slice(0, 50))
    expect(second.events(found.generationId!)[0]!.seq).toBe(found.seq + 1)
    await until(() => first.changes('comparison', id).length > 0, { what: 'the change at its end' })
    const turn = await ended(id)
    expect(answerText(turn.answers[0]!.parts)).toBe(LONG)
  })

  test('a second prompt is refused, in the other tab too; stop ends all and keeps what came', async () => {
    const { id, panes } = await begin([models.steady, models.other])
    await send(id, 'long, please')
    const [one, two] = await Promise.all([refusal(send(id, 'x')), refusal(send(id, 'y'))])
    expect([one.code, two.code]).toEqual(['compare.answer-running', 'compare.answer-running'])
    const { turns } = await member.call('compare.get', { params: { id } })
    const params = { id, turnId: turns[0]!.id, paneId: panes[0]!.id }
    expect((await refusal(member.call('compare.retry', { params }))).code).toBe('compare.answer-running')
    const listed = await member.call('compare.list', { query: { search: 'long' } })
    expect(listed.items.find((item) => item.id === id)).toMatchObject({ live: true })
    await member.call('compare.stop', { params: { id } })
    const turn = await ended(id)
    expect(turn.answers.map(({ state }) => state)).toEqual(['stopped', 'stopped'])
    const after = await member.call('compare.list', {})
    expect(after.items.find((item) => item.id === id)).toMatchObject({ live: false })
  })

  test('two prompts at the same moment: one is asked, once a pane', async () => {
    const { id } = await begin([models.steady, models.other])
    const tries = await Promise.all(
      ['x', 'y'].map((text) =>
        send(id, text).then(
          () => 'asked',
          ({ code }: { code: string }) => code,
        ),
      ),
    )
    expect(tries.toSorted()).toEqual(['asked', 'compare.answer-running'])
    const { turns } = await member.call('compare.get', { params: { id } })
    expect(turns.map(({ answers }) => answers.length)).toEqual([2])
    await ended(id)
  })

  test('a prompt sent again with the same key is asked once', async () => {
    const { id } = await begin([models.steady])
    const headers = { 'idempotency-key': unique('key') }
    const input = { params: { id }, body: { text: 'Hello' } }
    const one = await member.call('compare.send', input, { headers })
    const again = await member.call('compare.send', input, { headers })
    expect(again.id).toBe(one.id)
    await ended(id)
    expect((await member.call('compare.get', { params: { id } })).turns).toHaveLength(1)
  })

  test('a killed server leaves its panes interrupted, with what had come', { timeout: 120_000 }, async () => {
    const { id } = await begin([models.steady, models.other])
    const sent = await send(id, 'long, please')
    const tab = await Tab.open(member)
    for (const { generationId } of sent.answers) tab.watch('generation', generationId!)
    // A second's worth is saved for sure once two seconds' worth has come.
    await until(() =>
      sent.answers.every(({ generationId }) => textOf(tab.events(generationId!)).length > 2000),
    )
    await server.stop('SIGKILL')
    await server.start()
    const turn = await ended(id)
    for (const answer of turn.answers) {
      expect(answer).toMatchObject({ state: 'interrupted', error: { code: 'generations.interrupted' } })
      const kept = answerText(answer.parts)
      expect(kept.length).toBeGreaterThan(0)
      expect(LONG.startsWith(kept)).toBe(true)
    }
  })
})

describe('a comparison', () => {
  test('is its owner’s alone, an administrator sees it no more than others', async () => {
    const { id } = await begin([models.steady])
    const other = (await makeUser(server, admin, 'member')).client
    const viewer = (await makeUser(server, admin, 'viewer')).client
    for (const client of [other, admin]) {
      expect((await refusal(client.call('compare.get', { params: { id } }))).code).toBe('compare.not-found')
      expect((await client.call('compare.list', {})).items.map((item) => item.id)).not.toContain(id)
      expect((await refusal(send(id, 'Hello', client))).code).toBe('compare.not-found')
    }
    expect((await refusal(begin([models.steady], viewer))).status).toBe(403)
  })

  test('is named after its first prompt, renamed, found by its title, deleted and brought back', async () => {
    const { id } = await begin([models.steady])
    await send(id, 'Torque warning on joint 2\nwith more below')
    const { comparison } = await member.call('compare.get', { params: { id } })
    expect(comparison.title).toBe('Torque warning on joint 2')
    const rename = (version: number, title: string) =>
      member.call('compare.update', { params: { id }, body: { version, title } })
    const renamed = await rename(comparison.version, '关节扭矩警告')
    expect((await refusal(rename(comparison.version, 'late'))).problem).toMatchObject({
      code: 'platform.stale-version',
      current: { title: '关节扭矩警告', version: renamed.version },
    })
    const found = async (search: string) =>
      (await member.call('compare.list', { query: { search } })).items.some((item) => item.id === id)
    expect(await found('扭矩')).toBe(true)
    expect(await found('torque')).toBe(false)
    await member.call('compare.delete', { params: { id } })
    expect(await found('扭矩')).toBe(false)
    expect((await refusal(member.call('compare.get', { params: { id } }))).status).toBe(404)
    await member.call('compare.restore', { params: { id } })
    expect(await found('扭矩')).toBe(true)
    expect((await ended(id)).answers[0]!.state).toMatch(/finished|stopped/)
  })

  test('is paged, the last used first', async () => {
    const { client } = await makeUser(server, admin, 'member')
    const ids: string[] = []
    for (let at = 0; at < 5; at++) ids.push((await begin([models.steady], client)).id)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await client.call('compare.list', { query: { limit: 2, cursor } })
      seen.push(...page.items.map((item) => item.id))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(seen).toEqual(ids.toReversed())
  })

  test('takes panes of its own alone, at most three; a removed one comes back with its answers', async () => {
    const { id, panes } = await begin([models.steady, models.other])
    await send(id, 'Hello')
    await ended(id)
    const [a, b] = panes
    let { version } = (await member.call('compare.get', { params: { id } })).comparison
    const write = async (next: object[]) => {
      const body = { version, panes: next } as never
      const updated = await member.call('compare.update', { params: { id }, body })
      version = updated.version
      return updated
    }
    const foreign = (await begin([models.steady])).panes[0]!
    for (const wrong of [
      [a, foreign],
      [a, a],
    ] as object[][])
      expect((await refusal(write(wrong))).code).toBe('compare.pane-not-found')
    for (const wrong of [[], [a, b, {}, {}]] as object[][])
      expect((await refusal(write(wrong))).status).toBe(422)
    expect((await write([a!])).panes).toHaveLength(1)
    expect((await write([a!, b!])).panes.map((pane) => pane.id)).toEqual([a!.id, b!.id])
    const { turns } = await member.call('compare.get', { params: { id } })
    expect(of(turns[0]!, b!.id).state).toBe('finished')
  })
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ProviderStandIn } from '@anneal/providers/testing'
import { startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { Tab, textOf } from './support/socket.ts'
import {
  isAlive,
  processesOf,
  startTraining,
  trainsAtLength,
  untilDeployment,
  untilEngine,
  untilRun,
} from './support/training.ts'
import { addModel, answerText, ask, audit, untilChecked, untilEnded } from './support/world.ts'

const words = Array.from({ length: 400 }, (_, index) => `word${index}`).join(' ')
const SAVED_EVERY = 1000
// What a busy machine may be late by.
const SLACK = 700

// Servers are started again and again here, which takes its time on a busy machine.
const patient = { timeout: 120_000 }

describe('an answer', patient, () => {
  let server: TestServer
  let standIn: ProviderStandIn

  beforeAll(async () => {
    standIn = await startProviderStandIn({
      reply: ({ prompt }) => ({ text: prompt.startsWith('long') ? words : 'Short and whole.' }),
      tokenDelayMs: 20,
    })
    server = await startServer()
  })
  afterAll(async () => {
    await server?.close()
    await standIn?.close()
  })

  test('keeps what was received, but for a second, when the server is killed', async () => {
    let client = await server.adminClient()
    const model = await addModel(client, standIn)
    const tab = await Tab.open(client)
    const { conversationId, generationId } = await ask(client, model.id, 'long, please')
    tab.watch('generation', generationId)
    const firstAt = await until(() => tab.messages.find(({ message }) => message.type === 'generation')?.at, {
      what: 'the first piece',
    })
    await until(() => performance.now() - firstAt > 3000)
    const killedAt = performance.now()
    await server.stop('SIGKILL')
    await until(() => tab.closed)

    await server.start()
    client = await server.adminClient()
    const ended = await untilEnded(client, generationId)
    expect(ended.state).toBe('interrupted')
    expect(ended.error?.code).toBe('generations.interrupted')
    const kept = answerText(ended.parts)
    const sure = tab.messages.flatMap(({ at, message }) =>
      message.type === 'generation' && at < killedAt - SAVED_EVERY - SLACK ? message.events : [],
    )
    expect(textOf(sure).length).toBeGreaterThan(50)
    expect(kept.startsWith(textOf(sure))).toBe(true)
    expect(words.startsWith(kept)).toBe(true)
    expect(kept.length).toBeLessThan(words.length)

    const { messages } = await client.call('chat.getConversation', { params: { id: conversationId } })
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant'])
    expect(answerText(messages[1]!.parts)).toBe(kept)
    expect(messages[1]!.answer?.state).toBe('interrupted')

    const next = await ask(client, model.id, 'and now?', conversationId)
    expect((await untilEnded(client, next.generationId)).state).toBe('finished')
    const after = await client.call('chat.getConversation', { params: { id: conversationId } })
    expect(after.messages).toHaveLength(4)
    const { items } = await client.call('chat.listConversations')
    expect(items.find(({ id }) => id === conversationId)?.live).toBe(false)
  })

  test('that has just begun is interrupted too, with nothing received', async () => {
    let client = await server.adminClient()
    const model = await addModel(client, standIn)
    standIn.set({ firstTokenDelayMs: 30_000 })
    const { generationId } = await ask(client, model.id, 'long, please')
    await server.restart('SIGKILL')
    standIn.set({ firstTokenDelayMs: 0 })
    client = await server.adminClient()
    const ended = await untilEnded(client, generationId)
    expect(ended).toMatchObject({ state: 'interrupted', parts: [] })
  })

  test('that fits into the grace of a SIGTERM is finished; the exit is 0 within 15 s', async () => {
    const client = await server.adminClient()
    const model = await addModel(client, standIn)
    const tab = await Tab.open(client)
    standIn.set({ firstTokenDelayMs: 2000 })
    const { generationId } = await ask(client, model.id, 'short, please')
    const call = await until(() =>
      standIn.requests.find(({ body }) => JSON.stringify(body ?? null).includes('short, please')),
    )
    const began = performance.now()
    expect(await server.stop('SIGTERM')).toBe(0)
    expect(performance.now() - began).toBeLessThan(15_000)
    expect(call.answered).toBe(true)
    await until(() => tab.closed)
    expect(tab.closed).toBe(4503)
    standIn.set({ firstTokenDelayMs: 0 })
    await server.start()
    const ended = await untilEnded(await server.adminClient(), generationId)
    expect(ended.state).toBe('finished')
    expect(answerText(ended.parts)).toBe('Short and whole.')
  })

  test('that does not fit is saved as interrupted after 10 s; the exit is 0 within 15 s', async () => {
    const client = await server.adminClient()
    const model = await addModel(client, standIn)
    const tab = await Tab.open(client)
    standIn.set({ tokenDelayMs: 60 })
    const { generationId } = await ask(client, model.id, 'long, please')
    tab.watch('generation', generationId)
    await until(() => textOf(tab.events(generationId)).length > 20)
    const began = performance.now()
    const stopping = server.stop('SIGTERM')
    // No new work is taken meanwhile: the connection is refused, or answered so.
    await pause(500)
    const refused = await client.send('auth.me').then(
      (response) => response.status,
      () => 'refused',
    )
    expect(['refused', 503]).toContain(refused)
    expect(await stopping).toBe(0)
    const took = performance.now() - began
    expect(took).toBeGreaterThan(8000)
    expect(took).toBeLessThan(15_000)
    await server.start()
    const ended = await untilEnded(await server.adminClient(), generationId)
    expect(ended.state).toBe('interrupted')
    const kept = answerText(ended.parts)
    // Nothing at all is lost: it was saved on the way out.
    expect(kept.startsWith(textOf(tab.events(generationId)))).toBe(true)
    expect(kept.length).toBeGreaterThan(500)
  })
})

describe('an upload', patient, () => {
  test('that a kill cuts off leaves nothing behind, and can be sent again', async () => {
    await using server = await startServer()
    let client = await server.adminClient()
    const row = `${JSON.stringify({
      messages: [
        { role: 'user', content: 'q' },
        { role: 'assistant', content: 'a' },
      ],
    })}\n`
    const piece = new TextEncoder().encode(row.repeat(4000))
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(piece)
        controller.enqueue(piece)
      },
    })
    const sending = client.send('datasets.upload', { query: { name: 'half' }, body }).catch(() => null)
    const unfinished = path.join(server.dataFolder, 'files/unfinished')
    await until(() => existsSync(unfinished) && readdirSync(unfinished).length === 1, {
      what: 'the half of the file on the disk',
    })
    await server.stop('SIGKILL')
    await sending
    expect(readdirSync(unfinished)).toHaveLength(1)

    await server.start()
    client = await server.adminClient()
    await until(() => !existsSync(unfinished) || readdirSync(unfinished).length === 0, {
      what: 'the clearing away of the half',
    })
    expect((await client.call('datasets.list')).items).toEqual([])
    expect((await audit(client)).filter(({ action }) => action.startsWith('dataset.'))).toEqual([])

    const reply = await client.send('datasets.upload', { query: { name: 'half' }, body: row.repeat(3) })
    expect(reply.status).toBe(201)
    const { id } = (await reply.json()) as { id: string }
    expect(await untilChecked(client, id)).toMatchObject({ state: 'ready', rows: 3, badRows: 0 })
  })

  test('whose check is killed is checked by the next server', async () => {
    await using server = await startServer()
    let client = await server.adminClient()
    const row = `${JSON.stringify({ prompt: 'x'.repeat(200), completion: 'y'.repeat(200) })}\n`
    const rows = 40_000
    const reply = await client.send('datasets.upload', { query: { name: 'large' }, body: row.repeat(rows) })
    const { id, state } = (await reply.json()) as { id: string; state: string }
    expect(state).toBe('checking')
    await server.restart('SIGKILL')
    client = await server.adminClient()
    expect(await untilChecked(client, id, 45_000)).toMatchObject({ state: 'ready', rows, badRows: 0 })
  })
})

const MINUTES = 60_000

describe.skipIf(!trainsAtLength)('with the engine', () => {
  let server: TestServer
  let client: Client
  let datasetId: string
  let runId: string
  const steps = 80

  beforeAll(async () => {
    server = await startServer({ engine: true })
    client = await server.adminClient()
    await untilEngine(client)
    datasetId = (await client.call('datasets.addSample')).id
    await untilChecked(client, datasetId)
  }, 2 * MINUTES)
  afterAll(() => server?.close(), MINUTES)

  test(
    'a trainer goes on without its server, is adopted, and its curve has no gap and each step once',
    async () => {
      const run = await startTraining(client, { name: 'outlives', datasetId, steps })
      runId = run.id
      await untilRun(client, run.id, ({ step }) => step >= 5)
      const [trainer] = processesOf(server.dataFolder, `runs/${run.id}`)
      await server.stop('SIGKILL')
      const before = readFileSync(path.join(server.dataFolder, 'runs', run.id, 'events.jsonl'), 'utf8').length
      await until(
        () =>
          readFileSync(path.join(server.dataFolder, 'runs', run.id, 'events.jsonl'), 'utf8').length >
          before + 200,
        { what: 'more events of the trainer, without a server' },
      )
      expect(isAlive(trainer!)).toBe(true)
      await server.start()
      client = await server.adminClient()
      const ended = await untilRun(client, run.id, ({ endedAt }) => endedAt !== null)
      expect(ended).toMatchObject({
        state: 'succeeded',
        step: steps,
        error: null,
        warnings: [],
        servable: true,
      })
      const id = ended.trackedRunId!
      const { items } = await client.call('tracking.series', { params: { id } })
      const loss = items.find(({ key }) => key === 'train/loss')
      expect(loss?.lastStep, JSON.stringify(items)).toBe(steps)
      const { series } = await client.call('tracking.points', {
        params: { id },
        query: { keys: items.map(({ key }) => encodeURIComponent(key)).join(',') },
      })
      for (const { key, step, value } of series) {
        expect(step, key).toEqual([...new Set(step)].toSorted((a, b) => a - b))
        expect(
          value.every((one) => one !== null),
          key,
        ).toBe(true)
      }
      const { lines } = await client.call('training.log', { params: { id: run.id }, query: { limit: 2000 } })
      const logged = lines.flatMap(({ text }) => /^step (\d+)\//.exec(text)?.[1] ?? []).map(Number)
      expect(logged).toEqual(Array.from({ length: steps }, (_, index) => index + 1))
      expect(lines.map(({ line }) => line)).toEqual(lines.map((_, index) => index + 1))
    },
    4 * MINUTES,
  )

  test(
    'a trainer goes on through a SIGTERM of the server',
    async () => {
      const run = await startTraining(client, { name: 'goes on', datasetId, steps: 5000 })
      await untilRun(client, run.id, ({ step }) => step >= 2)
      const [trainer] = processesOf(server.dataFolder, `runs/${run.id}`)
      expect(await server.stop('SIGTERM')).toBe(0)
      expect(isAlive(trainer!)).toBe(true)
      await server.start()
      client = await server.adminClient()
      await client.call('training.stop', { params: { id: run.id } })
      const stopped = await untilRun(client, run.id, ({ endedAt }) => endedAt !== null)
      expect(stopped).toMatchObject({ state: 'stopped', servable: true, error: null })
      await until(() => !isAlive(trainer!), { what: 'the end of the trainer' })
    },
    3 * MINUTES,
  )

  test(
    'a served model is adopted, or ended and started once: never two',
    async () => {
      const { id } = await client.call('deployments.create', {
        body: { source: { kind: 'training-run', trainingRunId: runId } },
      })
      await untilDeployment(client, id, ({ state }) => state === 'serving')
      const served = () => processesOf(server.dataFolder, `deployments/${id}`)
      const before = served()
      await server.restart('SIGKILL')
      client = await server.adminClient()
      await untilDeployment(client, id, ({ state }) => state === 'serving')
      expect(served()).toEqual(before)

      // Killed while it starts: there is one afterwards, whichever it is.
      await client.call('deployments.stop', { params: { id } })
      await untilDeployment(client, id, ({ state }) => state === 'stopped')
      await until(() => served().length === 0, { what: 'the end of the served model' })
      await client.call('deployments.start', { params: { id } })
      await until(() => served().length > 0, { what: 'the start of the served model' })
      await server.restart('SIGKILL')
      client = await server.adminClient()
      const again = await untilDeployment(client, id, ({ state }) => state === 'serving')
      expect(served()).toHaveLength(before.length)
      const generation = await client.call('generations.start', {
        body: { modelId: again.modelId!, messages: [{ role: 'user', content: 'Hello' }] },
      })
      expect((await untilEnded(client, generation.id, MINUTES)).state).toBe('finished')
    },
    4 * MINUTES,
  )
})

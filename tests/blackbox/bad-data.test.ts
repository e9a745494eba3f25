import { request } from 'node:http'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { refusedInBoth } from './support/refused.ts'
import { trainsAtLength, untilEngine, untilRun } from './support/training.ts'
import { audit, unique, untilChecked } from './support/world.ts'

let server: TestServer
let client: Client

beforeAll(async () => {
  server = await startServer({ engine: trainsAtLength })
  client = await server.adminClient()
})
afterAll(() => server?.close())

describe('an upload', () => {
  const upload = (body: string | Uint8Array, name = unique('data')) =>
    client.send('datasets.upload', { query: { name }, body })
  const checked = async (body: string | Uint8Array) => {
    const reply = await upload(body)
    expect(reply.status).toBe(201)
    const { id } = (await reply.json()) as { id: string }
    return untilChecked(client, id, 50_000)
  }
  const files = () =>
    readdirSync(path.join(server.dataFolder, 'files'), { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile(),
    ).length

  test('that is empty is refused, and leaves nothing', async () => {
    await checked('{"prompt":"a","completion":"b"}\n')
    const before = files()
    const send = (headers: Record<string, string>) =>
      client.send('datasets.upload', { query: { name: unique('data') }, body: '' }, { headers })
    await refusedInBoth(send, 422, 'datasets.empty')
    expect(files()).toBe(before)
  })

  const kinds: [string, string | Uint8Array, string][] = [
    ['one JSON array', JSON.stringify([{ prompt: 'a', completion: 'b' }], null, 2), 'datasets.not-jsonl'],
    ['UTF-16', Buffer.from('{"prompt":"a","completion":"b"}\n', 'utf16le'), 'datasets.wrong-encoding'],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3]), 'datasets.compressed'],
    ['parquet', Buffer.from('PAR1\u0015\u0004'), 'datasets.binary'],
    ['prose', 'Once upon a time\nthere was no JSON.\n', 'datasets.no-good-rows'],
  ]
  test.each(kinds)('that is %s fails its check with a reason', async (_, body, code) => {
    const dataset = await checked(body)
    expect(dataset).toMatchObject({ state: 'failed', error: { code } })
    const rows = (await audit(client)).filter(({ targetId }) => targetId === dataset.id)
    expect(rows.map(({ action }) => action)).toEqual(['dataset.uploaded'])
    if (!trainsAtLength) return
    const send = (headers: Record<string, string>) =>
      client.send(
        'training.start',
        { body: { name: 'x', datasetId: dataset.id, baseModel: { kind: 'starter' } } },
        { headers },
      )
    await until(async () => (await client.call('training.engine')).state === 'ready', { timeoutMs: 60_000 })
    await refusedInBoth(send, 409, 'training.dataset-not-ready')
  })

  test('that is cut off in the middle leaves nothing', async () => {
    const before = files()
    const had = (await client.call('datasets.list', { query: { limit: 200 } })).items.length
    await new Promise<void>((resolve) => {
      const sending = request(`${server.baseUrl}/api/v1/datasets?name=cut`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${client.token}`,
          'content-type': 'application/octet-stream',
          'content-length': 50_000_000,
        },
      })
      sending.on('error', () => resolve())
      sending.write('{"prompt":"a","completion":"b"}\n'.repeat(20_000))
      const unfinished = path.join(server.dataFolder, 'files/unfinished')
      void until(() => readdirSync(unfinished).length > 0).then(() => sending.destroy())
    })
    await until(() => files() <= before, { what: 'the clearing away of the half' })
    expect((await client.call('datasets.list', { query: { limit: 200 } })).items).toHaveLength(had)
  })

  test('with a line of 50 MB sets that line aside, and keeps the others', async () => {
    const good = '{"prompt":"a","completion":"b"}\n'
    const line = `{"prompt":"a","completion":"${'x'.repeat(50 * 1024 * 1024)}"}\n`
    const dataset = await checked(good + line + good)
    expect(dataset).toMatchObject({ state: 'ready', rows: 3, badRows: 1 })
    const { items } = await client.call('datasets.badRows', { params: { id: dataset.id } })
    expect(items).toHaveLength(1)
    expect(items[0]!.row).toBe(2)
    expect(items[0]!.excerpt.length).toBeLessThan(500)
    const rows = await client.call('datasets.rows', { params: { id: dataset.id } })
    expect(rows.items.map(({ row }) => row)).toEqual([1, 3])
  })
})

describe('a training', () => {
  test.skipIf(trainsAtLength)('without an engine is refused in words', async () => {
    const { id } = await client.call('datasets.addSample')
    await untilChecked(client, id)
    const send = (headers: Record<string, string>) =>
      client.send(
        'training.start',
        { body: { name: 'x', datasetId: id, baseModel: { kind: 'starter' } } },
        { headers },
      )
    await refusedInBoth(send, 409, 'training.engine-not-ready')
  })

  describe.skipIf(!trainsAtLength)('with the engine', () => {
    let datasetId: string
    beforeAll(async () => {
      await untilEngine(client)
      datasetId = (await client.call('datasets.addSample')).id
      await untilChecked(client, datasetId)
    }, 120_000)

    test('of a base model that is not there', async () => {
      const baseModel = { kind: 'folder' as const, path: path.join(server.dataFolder, 'no-such') }
      const send = (headers: Record<string, string>) =>
        client.send('training.start', { body: { name: 'x', datasetId, baseModel } }, { headers })
      await refusedInBoth(send, 422, 'training.base-model-missing')
    })

    test('of a folder that is no model fails, with its class and its log; the next one runs', async () => {
      const folder = path.join(server.dataFolder, 'no-model')
      mkdirSync(folder)
      writeFileSync(path.join(folder, 'config.json'), '{}')
      const { id } = await client.call('training.start', {
        body: { name: 'bad base', datasetId, baseModel: { kind: 'folder', path: folder }, steps: 5 },
      })
      const after = await client.call('training.start', {
        body: { name: 'after it', datasetId, baseModel: { kind: 'starter' }, steps: 3 },
      })
      const failed = await untilRun(client, id, ({ endedAt }) => endedAt !== null)
      expect(failed).toMatchObject({
        state: 'failed',
        error: { code: 'training.MODEL_LOAD' },
        servable: false,
      })
      expect((await client.call('training.log', { params: { id } })).total).toBeGreaterThan(0)
      const good = await untilRun(client, after.id, ({ endedAt }) => endedAt !== null)
      expect(good).toMatchObject({ state: 'succeeded', error: null })
      rmSync(folder, { recursive: true })
    }, 240_000)
  })
})

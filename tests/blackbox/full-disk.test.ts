import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { refusedInBoth } from './support/refused.ts'
import { trainsAtLength, untilEngine, untilRun } from './support/training.ts'
import { unique, untilChecked } from './support/world.ts'

// A disk that is small for one server alone takes a mount of its own: Linux, as root.
const mount = 'mount -t tmpfs -o size=6m tmpfs'
const canMount = spawnSync('unshare', ['-m', 'sh', '-c', `${mount} /mnt`]).status === 0
const onSmallDisks = `for name in files runs; do mkdir -p "$ANNEAL_DATA/$name" && ${mount} "$ANNEAL_DATA/$name" || exit 1; done; exec "$@"`

describe.skipIf(!canMount)('a full disk', () => {
  let server: TestServer
  let client: Client

  beforeAll(async () => {
    server = await startServer({
      engine: trainsAtLength,
      wrapper: ['unshare', '-m', 'sh', '-c', onSmallDisks, '--'],
    })
    client = await server.adminClient()
  })
  afterAll(() => server?.close())

  test('ends an upload in words; a smaller one is taken', async () => {
    const row = '{"prompt":"a","completion":"b"}\n'
    const send = (headers: Record<string, string>) =>
      client.send('datasets.upload', { query: { name: 'large' }, body: row.repeat(400_000) }, { headers })
    await refusedInBoth(send, 507, 'datasets.no-space')
    expect((await client.call('datasets.list')).items).toEqual([])
    const reply = await client.send('datasets.upload', {
      query: { name: unique('small') },
      body: row.repeat(3),
    })
    const { id } = (await reply.json()) as { id: string }
    expect(await untilChecked(client, id)).toMatchObject({ state: 'ready', rows: 3 })
  })

  test.skipIf(!trainsAtLength)(
    'ends a training with its class, and the server goes on',
    async () => {
      await untilEngine(client)
      const { id: datasetId } = await client.call('datasets.addSample')
      await untilChecked(client, datasetId)
      const { id } = await client.call('training.start', {
        body: { name: 'no room', datasetId, baseModel: { kind: 'starter' }, steps: 4 },
      })
      const ended = await untilRun(client, id, ({ endedAt }) => endedAt !== null)
      expect(ended).toMatchObject({ state: 'failed', error: { code: 'training.DISK_FULL' }, servable: false })
      expect((await client.call('platform.health')).status).toBe('ok')
    },
    120_000,
  )
})

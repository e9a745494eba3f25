import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import type { RouteInput } from '@anneal/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../../../../tests/support/client.ts'
import type { Run } from '../training/testing/fixture.ts'
import { EngineFixture, processes } from '../training/testing/fixture.ts'

let fixture: EngineFixture
let run: Run

beforeAll(async () => {
  fixture = await EngineFixture.open()
  const { id } = await fixture.start('coach', 3)
  run = await fixture.ended(id)
}, 60_000)
afterAll(() => fixture.close(), 60_000)

const isServing = (one: { state: string }) => one.state === 'serving'
const result = () => ({ kind: 'training-run', trainingRunId: run.id }) as const

async function folderWith(name: string, ...files: string[]): Promise<string> {
  const folder = path.join(fixture.folder, name)
  await mkdir(folder)
  for (const file of ['config.json', ...files]) await writeFile(path.join(folder, file), '{}')
  return folder
}

/** Pids of what serves this deployment, found from outside. */
async function serversOf(id: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,args='])
  return stdout
    .split('\n')
    .filter(
      (line) => line.includes('anneal_trainer.serve') && line.includes(id) && !line.includes('wrapper.py'),
    )
}

describe('a deployment', () => {
  test('serves a result, and becomes a row in models', async () => {
    const made = await fixture.admin.call('deployments.create', { body: { source: result() } })
    expect(made).toMatchObject({ state: 'starting', modelId: null, sourceName: 'coach · 3', restarts: 0 })
    const serving = await fixture.deployment(made.id, isServing)
    expect(serving.memoryBytes).toBeGreaterThan(1_000_000)
    const params = { id: serving.modelId ?? '' }
    const model = await fixture.admin.call('models.get', { params })
    expect(model).toMatchObject({ name: serving.name, deploymentId: made.id, visibility: 'everyone' })
    const { lines } = await fixture.admin.call('deployments.log', { params: { id: made.id } })
    expect(lines.map((line) => line.text)).toEqual([`serving ${model.providerModel}`])

    await fixture.admin.call('deployments.stop', { params: { id: made.id } })
    const stopped = await fixture.deployment(made.id, (one) => one.state === 'stopped')
    expect(stopped).toMatchObject({ port: null, memoryBytes: null, servingSince: null, error: null })
    expect(await serversOf(made.id)).toEqual([])
    expect((await fixture.admin.call('models.get', { params })).health).toBe('off')

    await fixture.admin.call('deployments.start', { params: { id: made.id } })
    const again = await fixture.deployment(made.id, isServing)
    expect(again.modelId).toBe(serving.modelId)
    expect((await fixture.admin.call('models.get', { params })).health).not.toBe('off')
  })

  test('is the base of a run, a folder, or the starter made on the spot', async () => {
    const folder = await folderWith('model-folder')
    for (const source of [
      { kind: 'base-model', baseModel: { kind: 'folder', path: folder } },
      { kind: 'base-model', baseModel: { kind: 'starter' } },
    ] as const) {
      const made = await fixture.admin.call('deployments.create', { body: { source } })
      const serving = await fixture.deployment(made.id, (one) => isServing(one) || one.state === 'failed')
      expect(serving).toMatchObject({ state: 'serving', error: null })
      await fixture.admin.call('deployments.stop', { params: { id: made.id } })
    }
    const none = { kind: 'training-base', trainingRunId: run.id } as const
    await expect(fixture.admin.call('deployments.create', { body: { source: none } })).rejects.toMatchObject({
      code: 'deployments.nothing-to-serve',
    })
  })

  test('merges an adapter first, and says what went wrong with it', async () => {
    const lora = (base: string) =>
      fixture.admin.call('training.start', {
        body: {
          name: `lora ${path.basename(base)}`,
          steps: 2,
          datasetId: fixture.datasetId,
          baseModel: { kind: 'folder', path: base },
          tuning: { kind: 'lora' },
        },
      })
    const good = await fixture.ended((await lora(await folderWith('base'))).id)
    const bad = await fixture.ended((await lora(await folderWith('broken-base'))).id)
    const serve = (trainingRunId: string) =>
      fixture.admin.call('deployments.create', { body: { source: { kind: 'training-run', trainingRunId } } })
    const merged = await serve(good.id)
    expect(merged.state).toBe('merging')
    await fixture.deployment(merged.id, isServing)
    const failing = await serve(bad.id)
    expect(await fixture.deployment(failing.id, (one) => one.state === 'failed')).toMatchObject({
      error: { code: 'deployments.merge-failed', params: { message: 'ValueError: no adapter' } },
    })
    await fixture.admin.call('deployments.stop', { params: { id: merged.id } })
  })

  test('that never served has failed at its first crash, with the last word of its log', async () => {
    const source = {
      kind: 'base-model',
      baseModel: { kind: 'folder', path: await folderWith('bad', 'broken') },
    } as const
    const made = await fixture.admin.call('deployments.create', { body: { source } })
    const failed = await fixture.deployment(made.id, (one) => one.state === 'failed')
    expect(failed).toMatchObject({
      restarts: 0,
      modelId: null,
      error: {
        code: 'deployments.crashed',
        params: { reason: 'exit 1', message: 'RuntimeError: this model is broken' },
      },
    })
  })

  test('needs something to serve, a free name and a real folder', async () => {
    const crash = await fixture.ended((await fixture.start('crash', 5)).id)
    const create = (body: Parameters<typeof fixture.admin.call<'deployments.create'>>[1]) =>
      fixture.admin.call('deployments.create', body)
    const nothing = { kind: 'training-run', trainingRunId: crash.id } as const
    await expect(create({ body: { source: nothing } })).rejects.toMatchObject({
      code: 'deployments.nothing-to-serve',
    })
    const { items } = await fixture.admin.call('deployments.list')
    const name = items[0]?.name.toUpperCase() ?? ''
    await expect(create({ body: { name, source: result() } })).rejects.toMatchObject({
      code: 'deployments.name-taken',
    })
    const folder = { kind: 'base-model', baseModel: { kind: 'folder', path: '/nowhere' } } as const
    await expect(create({ body: { source: folder } })).rejects.toMatchObject({
      code: 'training.base-model-missing',
    })
  })
})

describe('a process that ends by itself', () => {
  test('is seen within 5 s, said, and started again', async () => {
    const made = await fixture.admin.call('deployments.create', {
      body: { name: 'crashing', source: result() },
    })
    await fixture.deployment(made.id, isServing)
    for (const restarts of [1, 2]) {
      const identity = await fixture.identity(`deployments/${made.id}`)
      const killedAt = Date.now()
      await processes.kill(identity)
      const crashed = await fixture.deployment(made.id, (one) => !isServing(one))
      expect(Date.now() - killedAt).toBeLessThan(5000)
      expect(crashed).toMatchObject({
        restarts,
        error: { code: 'deployments.crashed', params: { reason: 'SIGKILL' } },
      })
      const serving = await fixture.deployment(made.id, isServing)
      expect(serving).toMatchObject({ restarts, error: null })
      expect(await serversOf(made.id)).toHaveLength(1)
    }
    await fixture.admin.call('deployments.stop', { params: { id: made.id } })
    await fixture.deployment(made.id, (one) => one.state === 'stopped')
  })
})

describe('a server that ends', () => {
  test('leaves it serving; the next takes it over, or starts it once if it is gone', async () => {
    const made = await fixture.admin.call('deployments.create', {
      body: { name: 'lasting', source: result() },
    })
    await fixture.deployment(made.id, isServing)
    const first = await fixture.identity(`deployments/${made.id}`)
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      await fixture.restart(signal, async () => expect(await processes.isAlive(first)).toBe(true))
      const taken = await fixture.deployment(made.id, isServing)
      expect(taken.restarts).toBe(0)
      expect(await fixture.identity(`deployments/${made.id}`)).toEqual(first)
    }
    await fixture.restart('SIGKILL', () => processes.kill(first))
    await fixture.deployment(made.id, isServing)
    expect(await fixture.identity(`deployments/${made.id}`)).not.toEqual(first)
    expect(await serversOf(made.id)).toHaveLength(1)
    await fixture.admin.call('deployments.stop', { params: { id: made.id } })
    await fixture.deployment(made.id, (one) => one.state === 'stopped')
  })

  test('in the middle of a start or a stop leaves neither two nor a stray one', async () => {
    const made = await fixture.admin.call('deployments.create', {
      body: { name: 'in between', source: result() },
    })
    await fixture.restart('SIGKILL')
    await fixture.deployment(made.id, isServing)
    expect(await serversOf(made.id)).toHaveLength(1)
    await fixture.admin.call('deployments.stop', { params: { id: made.id } })
    await fixture.restart('SIGKILL')
    await fixture.deployment(made.id, (one) => one.state === 'stopped')
    expect(await serversOf(made.id)).toEqual([])
  })
})

describe('rights', () => {
  let manager: Client
  let member: Client
  let viewer: Client

  beforeAll(async () => {
    manager = await fixture.person('manager', 'manager')
    member = await fixture.person('member', 'member')
    viewer = await fixture.person('viewer', 'viewer')
  })

  test('members and viewers see what is shared, and manage nothing', async () => {
    const body = { name: 'shared', source: result() }
    await expect(member.call('deployments.create', { body })).rejects.toMatchObject({ status: 403 })
    const shared = await fixture.admin.call('deployments.create', { body })
    const hidden = await fixture.admin.call('deployments.create', {
      body: { ...body, name: 'hidden', visibility: 'private' },
    })
    for (const client of [member, viewer]) {
      const names = (await client.call('deployments.list')).items.map((one) => one.name)
      expect(names).toContain('shared')
      expect(names).not.toContain('hidden')
      await expect(client.call('deployments.get', { params: { id: hidden.id } })).rejects.toMatchObject({
        status: 404,
      })
      for (const route of [
        'deployments.start',
        'deployments.stop',
        'deployments.delete',
        'deployments.restore',
      ] as const) {
        await expect(client.call(route, { params: { id: shared.id } })).rejects.toMatchObject({ status: 403 })
      }
    }
    const named = async (query: RouteInput<'deployments.list'>['query']) =>
      (await fixture.admin.call('deployments.list', { query })).items.map((one) => one.name)
    expect(await named({ search: 'HIDD' })).toEqual(['hidden'])
    expect(await named({ search: 'h_dden' })).toEqual([])
    await fixture.deployment(hidden.id, (one) => one.state === 'serving')
    expect(await named({ search: 'hidden', state: 'serving' })).toEqual(['hidden'])
    expect(await named({ search: 'hidden', state: 'stopped' })).toEqual([])
    await expect(manager.call('deployments.stop', { params: { id: hidden.id } })).rejects.toMatchObject({
      status: 404,
    })
    await manager.call('deployments.stop', { params: { id: shared.id } })
    await fixture.admin.call('deployments.stop', { params: { id: hidden.id } })
    await fixture.deployment(shared.id, (one) => one.state === 'stopped')
  })

  test('another’s private run is nothing to serve', async () => {
    await expect(manager.call('deployments.create', { body: { source: result() } })).rejects.toMatchObject({
      status: 404,
      code: 'training.not-found',
    })
  })
})

test('deleting stops it and takes its model along, and both come back stopped', async () => {
  const made = await fixture.admin.call('deployments.create', { body: { name: 'deleted', source: result() } })
  const { modelId } = await fixture.deployment(made.id, isServing)
  const params = { id: made.id }
  await fixture.admin.call('deployments.delete', { params })
  await expect(fixture.admin.call('deployments.get', { params })).rejects.toMatchObject({ status: 404 })
  const model = { params: { id: modelId ?? '' } }
  await expect(fixture.admin.call('models.get', model)).rejects.toMatchObject({ status: 404 })
  await expect.poll(() => serversOf(made.id), { timeout: 10_000 }).toEqual([])
  const restored = await fixture.admin.call('deployments.restore', { params })
  expect(restored.name).toBe('deleted')
  expect(await fixture.deployment(made.id, (one) => one.state === 'stopped')).toMatchObject({ modelId })
  expect((await fixture.admin.call('models.get', model)).health).toBe('off')
})

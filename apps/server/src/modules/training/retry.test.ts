import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Client } from '../../../../../tests/support/client.ts'
import { EngineFixture, type Run } from './testing/fixture.ts'

// Runs wait for one another.
vi.setConfig({ testTimeout: 60_000 })

let fixture: EngineFixture
let member: Client
let viewer: Client

beforeAll(async () => {
  fixture = await EngineFixture.open()
  member = await fixture.person('member', 'member')
  viewer = await fixture.person('viewer', 'viewer')
}, 60_000)
afterAll(() => fixture.close(), 60_000)

async function stoppedRun(name: string): Promise<{ run: Run; checkpointId: string }> {
  const begun = await fixture.start(name, 5000)
  await fixture.run(begun.id, (run) => run.step >= 2)
  await fixture.admin.call('training.stop', { params: { id: begun.id } })
  const run = await fixture.ended(begun.id)
  const { items } = await fixture.admin.call('training.checkpoints', { params: { id: run.id } })
  const checkpointId = items.find((one) => one.kind === 'checkpoint')?.id ?? ''
  return { run, checkpointId }
}

const retry = (id: string, body: object, client = fixture.admin) =>
  client.call('training.retry', { params: { id }, body })
const configOf = async (id: string) =>
  JSON.parse(await readFile(path.join(fixture.folder, 'runs', id, 'config.json'), 'utf8'))

test('a stopped run is gone on from at its step, up to more steps, as a new run that says so', async () => {
  const { run, checkpointId } = await stoppedRun('long')
  const resumeFrom = { trainingRunId: run.id, checkpointId }
  const next = await fixture.start('longer', run.step + 3, { resumeFrom })
  expect(next.resumedFrom).toEqual({ trainingRunId: run.id, name: 'long', step: run.step })
  const done = await fixture.ended(next.id)
  expect(done).toMatchObject({ state: 'succeeded', step: run.step + 3 })
  const { lines } = await fixture.admin.call('training.log', { params: { id: next.id } })
  expect(lines[0]?.text).toBe(`step ${run.step + 1}/${run.step + 3}`)
  expect((await configOf(next.id)).resumeFrom).toBe(
    path.join(fixture.folder, 'runs', run.id, `checkpoint-${run.step}`),
  )
})

test('what does not fit the checkpoint is refused in words', async () => {
  const { run, checkpointId } = await stoppedRun('fits')
  const resumeFrom = { trainingRunId: run.id, checkpointId }
  await expect(fixture.start('x', run.step, { resumeFrom })).rejects.toMatchObject({
    status: 422,
    code: 'training.checkpoint-passed',
  })
  await expect(fixture.start('x', run.step + 5, { resumeFrom, lora: true })).rejects.toMatchObject({
    status: 422,
    code: 'training.checkpoint-other',
  })
  const result = (await fixture.admin.call('training.checkpoints', { params: { id: run.id } })).items[0]
  expect(result?.kind).toBe('result')
  await expect(
    fixture.start('x', run.step + 5, { resumeFrom: { ...resumeFrom, checkpointId: result?.id ?? '' } }),
  ).rejects.toMatchObject({ code: 'training.checkpoint-gone' })
  await rm(path.join(fixture.folder, 'runs', run.id, `checkpoint-${run.step}`), { recursive: true })
  await expect(fixture.start('x', run.step + 5, { resumeFrom })).rejects.toMatchObject({
    status: 409,
    code: 'training.checkpoint-gone',
  })
})

test('a checkpoint that goes while the run waits ends it in the same words', async () => {
  const { run, checkpointId } = await stoppedRun('waits')
  const before = await fixture.start('before', 5000)
  const resumeFrom = { trainingRunId: run.id, checkpointId }
  const next = await fixture.start('after', run.step + 5, { resumeFrom })
  await rm(path.join(fixture.folder, 'runs', run.id, `checkpoint-${run.step}`), { recursive: true })
  await fixture.admin.call('training.stop', { params: { id: before.id } })
  expect(await fixture.ended(next.id)).toMatchObject({
    state: 'failed',
    error: { code: 'training.checkpoint-gone' },
  })
})

test('a failed run is tried again under the next name, as it was, changed, or from what it saved', async () => {
  const failed = await fixture.ended((await fixture.start('no memory', 9)).id)
  expect(failed).toMatchObject({ state: 'failed', step: 3, error: { code: 'training.HOST_OOM' } })
  const again = await retry(failed.id, { batchSize: 2 })
  expect(again).toMatchObject({
    name: 'no memory (2)',
    state: 'queued',
    datasetId: failed.datasetId,
    resumedFrom: null,
    settings: { ...failed.settings, batchSize: 2 },
  })
  const { items } = await fixture.admin.call('training.checkpoints', { params: { id: failed.id } })
  const from = await retry(failed.id, { checkpointId: items[0]!.id })
  expect(from).toMatchObject({
    name: 'no memory (3)',
    resumedFrom: { trainingRunId: failed.id, name: 'no memory', step: 3 },
  })
  expect(await fixture.ended(from.id)).toMatchObject({ state: 'succeeded', step: 9 })
  const same = await retry(from.id, {})
  expect(same).toMatchObject({ name: 'no memory (4)', resumedFrom: { trainingRunId: failed.id, step: 3 } })
  const other = await retry(from.id, { tuning: { kind: 'lora' } })
  expect(other).toMatchObject({ tuning: { kind: 'lora', rank: 16 }, resumedFrom: null })
  expect((await fixture.ended(other.id)).state).toBe('failed')
})

test('nobody tries again what is not over, is not theirs, or what their role may not start', async () => {
  const run = await fixture.start('lives', 5000)
  await fixture.run(run.id, (one) => one.step >= 1)
  await expect(retry(run.id, {})).rejects.toMatchObject({ status: 409, code: 'training.still-running' })
  await fixture.admin.call('training.stop', { params: { id: run.id } })
  await fixture.ended(run.id)
  await expect(retry(run.id, {}, member)).rejects.toMatchObject({ status: 404, code: 'training.not-found' })
  await expect(retry(run.id, {}, viewer)).rejects.toMatchObject({ status: 403 })
  await expect(retry(run.id, { steps: 0, learningRate: 2 })).rejects.toMatchObject({
    status: 422,
    code: 'platform.invalid-input',
  })
})

import { expect, test } from 'vitest'
import type { Run } from '../training.api.ts'
import { type Draft, draftFrom, draftOf } from './training-draft.ts'
import { inputOf } from './training-input.ts'

const settings = {
  steps: 900,
  learningRate: 0.0002,
  batchSize: 4,
  gradientAccumulation: 2,
  maxLength: 2048,
  saveEvery: 50,
  seed: 7,
}
const run = {
  name: 'first',
  datasetId: 'dataset-1',
  baseModel: { kind: 'folder', path: '/srv/model' },
  tuning: { kind: 'lora', rank: 8, alpha: 16, dropout: 0.1 },
  settings,
} as Run

test('a run opens the form with all that it was set to, but for its name', () => {
  const draft = draftOf(run)
  expect(draft).toMatchObject({
    name: '',
    base: 'folder',
    folder: '/srv/model',
    datasetId: 'dataset-1',
    tuning: 'lora',
  })
  expect(draft.numbers).toMatchObject({ steps: '900', learningRate: '0.0002', rank: '8', dropout: '0.1' })
})

test('what is as suggested is left to the server, what was changed is sent', () => {
  const draft: Draft = { ...draftOf(run), base: 'starter', numbers: { steps: '900', seed: '0', rank: '8' } }
  const figures = {
    numberOf: (field: string) => ({ steps: 900, rank: 8, alpha: 32, dropout: 0 })[field] ?? 0,
    isChanged: (field: string) => field === 'steps',
  }
  expect(inputOf(draft, 'second', figures)).toEqual({
    name: 'second',
    datasetId: 'dataset-1',
    baseModel: { kind: 'starter' },
    tuning: { kind: 'lora', rank: 8, alpha: 32, dropout: 0 },
    steps: 900,
  })
})

test('a run is gone on from its checkpoint, up to twice as far where it was through', () => {
  const half = draftFrom({ ...run, id: 'run-1' } as Run, { id: 'checkpoint-1', step: 450 })
  expect(half.resume).toEqual({
    trainingRunId: 'run-1',
    checkpointId: 'checkpoint-1',
    name: 'first',
    step: 450,
  })
  expect(half.numbers.steps).toBe('900')
  const through = draftFrom({ ...run, id: 'run-1' } as Run, { id: 'checkpoint-2', step: 900 })
  expect(through.numbers.steps).toBe('1800')
  const input = inputOf(half, 'second', { numberOf: () => 1, isChanged: () => false })
  expect(input.resumeFrom).toEqual({ trainingRunId: 'run-1', checkpointId: 'checkpoint-1' })
})

import { expect, test } from 'vitest'
import type { Context } from '../../platform/context.ts'
import { checklist } from './checklist.ts'
import type { Gathered } from './gather.ts'

const ctx = {
  actor: { kind: 'user', name: 'Lin', role: 'member', permissions: new Set(['models.read']) },
} as unknown as Context
const nothing = {
  models: [],
  conversations: [],
  datasets: [],
  training: [],
  deployments: [],
  firstAnswer: undefined,
  ownAnswer: undefined,
}

function steps(more: object) {
  const made = checklist(ctx, { ...nothing, ...more } as unknown as Gathered)
  return Object.fromEntries(made.map((step) => [step.step, step]))
}
const run = (more: object) => ({
  id: 'r',
  name: 'first',
  state: 'running',
  step: 62,
  settings: { steps: 100 },
  secondsLeft: 1500,
  servable: false,
  ...more,
})

test('a member on an empty instance signs in, and is told who connects models', () => {
  const made = steps({})
  expect(made['sign-in']).toMatchObject({ done: true, fact: { key: 'signedIn', params: { name: 'Lin' } } })
  expect(made['connect']).toMatchObject({ done: false, fact: { key: 'askForModels' } })
  expect(Object.values(made).filter((step) => step.done)).toHaveLength(1)
})

test('models that were made here do not count as connected', () => {
  const model = (id: string, connectionId: string, deploymentId: string | null = null) => ({
    id,
    connectionId,
    deploymentId,
  })
  expect(steps({ models: [model('1', 'a', 'd')] })['connect']?.done).toBe(false)
  expect(steps({ models: [model('1', 'a'), model('2', 'a')] })['connect']?.fact).toEqual({
    key: 'modelsOfOne',
    params: { n: 2 },
  })
  expect(steps({ models: [model('1', 'a'), model('2', 'b')] })['connect']?.fact).toEqual({
    key: 'models',
    params: { n: 2, connections: 2 },
  })
})

test('the first answer says how soon it came, or from whom', () => {
  const answer = (meter: object) => ({
    firstAnswer: { model_id: 'm', model_name: 'gpt', meter: JSON.stringify(meter) },
  })
  expect(steps(answer({ firstTokenMs: 842 }))['chat']?.fact).toEqual({
    key: 'answeredIn',
    params: { seconds: 0.8 },
  })
  expect(steps(answer({ firstTokenMs: 3 }))['chat']?.fact).toEqual({
    key: 'answeredIn',
    params: { seconds: 0.1 },
  })
  expect(steps(answer({}))['chat']?.fact).toEqual({ key: 'answered', params: { model: 'gpt' } })
})

test.each([
  [
    run({}),
    { done: false, progress: 0.62, fact: { key: 'trainingMinutes', params: { percent: 62, minutes: 25 } } },
  ],
  [
    run({ secondsLeft: 6720 }),
    { fact: { key: 'trainingHours', params: { percent: 62, hours: 1, minutes: 52 } } },
  ],
  [run({ secondsLeft: null }), { fact: { key: 'trainingStarted', params: { percent: 62 } } }],
  [run({ state: 'queued' }), { done: false, progress: 0, fact: { key: 'queued' } }],
  [
    run({ state: 'failed' }),
    { done: false, progress: null, fact: { key: 'trainingFailed', params: { name: 'first' } } },
  ],
  [
    run({ state: 'stopped', servable: true }),
    { done: true, fact: { key: 'trained', params: { name: 'first' } }, link: '/training/r' },
  ],
])('a training run is told as it stands (%#)', (each, expected) => {
  expect(steps({ training: [each] })['train']).toMatchObject(expected)
})

test('datasets and deployments are told as they stand', () => {
  const dataset = (more: object) =>
    steps({ datasets: [{ id: 'd', rows: 11_640, progress: 0.5, ...more }] })['dataset']
  expect(dataset({ state: 'ready' })).toMatchObject({
    done: true,
    fact: { key: 'rowsChecked', params: { n: 11_640 } },
  })
  expect(dataset({ state: 'checking' })).toMatchObject({
    done: false,
    progress: 0.5,
    fact: { key: 'checking', params: { percent: 50 } },
  })
  expect(dataset({ state: 'failed' })).toMatchObject({ done: false, fact: { key: 'datasetFailed' } })
  const deployment = (state: string) => steps({ deployments: [{ id: 'x', name: 'own', state }] })['deploy']
  expect(deployment('serving')).toMatchObject({
    done: true,
    fact: { key: 'serving', params: { name: 'own' } },
  })
  expect(deployment('merging')).toMatchObject({ done: false, fact: { key: 'deploymentStarting' } })
  expect(deployment('failed')).toMatchObject({ done: false, fact: { key: 'deploymentFailed' } })
  expect(steps({ training: [run({ servable: true })] })['deploy']).toMatchObject({
    fact: { key: 'serveIt' },
    link: '/training/r',
  })
})

import type { Change, RouteReply } from '@anneal/contract'
import { expect, test } from 'vitest'
import { withChange } from './with-change.ts'

const run = { id: 'r1', name: 'support', state: 'running', step: 10, steps: 200, secondsLeft: 90, loss: 1.5 }
const home: RouteReply<'home.get'> = {
  checklist: [
    {
      step: 'train',
      done: false,
      progress: 0.05,
      fact: { key: 'trainingMinutes', params: { percent: 5, minutes: 2 } },
      link: '/training/r1',
    },
  ],
  dismissed: false,
  needs: [],
  running: [run, { ...run, id: 'r2' }],
  conversations: [],
  models: [],
}
const step = (data: Record<string, unknown>, id = 'r1'): Change => ({
  kind: 'training-run',
  id,
  change: 'updated',
  data: { state: 'running', ...data },
})

test('a step goes into the run and into the checklist, the other run stays as it is', () => {
  const next = withChange(home, step({ step: 150, loss: 0.8, secondsLeft: 4000 }))
  expect(next?.running[0]).toEqual({ ...run, step: 150, loss: 0.8, secondsLeft: 4000 })
  expect(next?.running[1]).toBe(home.running[1])
  expect(next?.checklist[0]).toMatchObject({
    progress: 0.75,
    fact: { key: 'trainingHours', params: { percent: 75, hours: 1, minutes: 7 } },
  })
})

test('without an estimate only the percentage is said, and a loss that is not a number is none', () => {
  const next = withChange(home, step({ step: 20, loss: null, secondsLeft: null }))
  expect(next?.running[0]).toMatchObject({ loss: null, secondsLeft: null })
  expect(next?.checklist[0]?.fact).toEqual({ key: 'trainingStarted', params: { percent: 10 } })
})

test('a run that is not the checklist’s moves alone', () => {
  const next = withChange(home, step({ step: 20 }, 'r2'))
  expect(next?.running[1]?.step).toBe(20)
  expect(next?.checklist[0]).toBe(home.checklist[0])
})

test('what a step does not say is read again', () => {
  expect(withChange(home, step({ step: 200, state: 'finalizing' }))).toBeUndefined()
  expect(withChange(home, step({ step: 1 }, 'unknown'))).toBeUndefined()
  expect(withChange(home, { kind: 'dataset', id: 'd', change: 'updated' })).toBeUndefined()
  expect(withChange(home, { kind: 'training-run', id: 'r1', change: 'deleted' })).toBeUndefined()
})

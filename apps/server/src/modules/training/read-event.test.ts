import { expect, test } from 'vitest'
import { addEvent, emptyAccount, parseEvent } from './read-event.ts'

const event = (seq: number, type: string, fields: Record<string, unknown> = {}) => ({
  seq,
  time: 1000 * seq,
  type,
  ...fields,
})

test('steps, devices and results add up', () => {
  const account = emptyAccount()
  addEvent(account, event(1, 'device', { kind: 'cpu', name: 'Some CPU', threads: 1 }))
  addEvent(account, event(2, 'state', { state: 'running', step: 0, total: 9 }))
  addEvent(account, event(3, 'step', { step: 1, loss: 4, tokens: 100, secondsPerStep: 0.5, secondsLeft: 4 }))
  addEvent(account, event(5, 'step', { step: 2, loss: 3.5, gradNorm: null, tokens: 300, learningRate: 1e-3 }))
  expect(account.phase).toBe('running')
  expect(account.progress).toMatchObject({
    device: 'Some CPU',
    step: 2,
    loss: 3.5,
    learningRate: 1e-3,
    gradientNorm: null,
    tokensPerSecond: 100,
  })
  addEvent(account, event(6, 'checkpoint', { step: 2, path: '/run/checkpoint-2' }))
  addEvent(account, event(7, 'state', { state: 'saving' }))
  addEvent(
    account,
    event(8, 'result', {
      step: 2,
      path: '/run/result',
      kind: 'adapter',
      parameters: 9,
      trainableParameters: 3,
    }),
  )
  expect(account.phase).toBe('finalizing')
  expect(account.saved).toMatchObject([
    { kind: 'checkpoint', step: 2, form: 'full', loss: 3.5 },
    { kind: 'result', step: 2, form: 'adapter', path: '/run/result' },
  ])
  expect(account.progress).toMatchObject({ parameters: 9, trainableParameters: 3, secondsLeft: null })
})

test('what was counted before a restart is not counted again', () => {
  const account = emptyAccount()
  account.seq = 5
  expect(addEvent(account, event(5, 'checkpoint', { step: 1, path: '/x' }))).toBe(false)
  expect(account.saved).toEqual([])
  expect(addEvent(account, event(6, 'checkpoint', { step: 1, path: '/x' }))).toBe(true)
})

test('failures and warnings keep their parameters, and a diverged loss is none', () => {
  const account = emptyAccount()
  addEvent(account, event(1, 'warning', { code: 'TRACKER', message: 'no server' }))
  addEvent(account, event(2, 'step', { step: 3, loss: null }))
  addEvent(
    account,
    event(3, 'failure', { code: 'NAN_LOSS', message: 'the loss is nan', params: { step: 3, row: null } }),
  )
  expect(account.warnings).toEqual([{ code: 'training.TRACKER', params: { message: 'no server' } }])
  expect(account.failure).toEqual({
    code: 'training.NAN_LOSS',
    params: { message: 'the loss is nan', step: 3 },
  })
  expect(account.progress.loss).toBeNull()
})

test('a torn or foreign line is no event', () => {
  for (const line of ['', '{"seq":1,"ty', 'null', '3', '{"type":"step"}']) expect(parseEvent(line)).toBeNull()
})

import { errorStatus } from '@anneal/contract'
import { expect, test } from 'vitest'
import type { EndFacts } from './ending.ts'
import { classifyFailure, endingOf } from './ending.ts'
import { phasesAfter } from './run-state.ts'

const exit = (code: number | null, signal: string | null = null) => ({ code, signal, time: 1 })
const facts = (more: Partial<EndFacts>): EndFacts => ({
  exit: exit(0),
  stopAsked: false,
  step: 10,
  steps: 10,
  hasResult: true,
  hasCheckpoint: true,
  failure: null,
  lines: [],
  ...more,
})

test.each([
  [{}, 'succeeded'],
  [{ step: 4, stopAsked: true }, 'stopped'],
  [{ step: 10, stopAsked: true }, 'succeeded'],
  [
    { exit: exit(null, 'SIGTERM'), stopAsked: true, step: 0, hasResult: false, hasCheckpoint: false },
    'cancelled',
  ],
  [{ exit: exit(143), stopAsked: true, step: 6, hasResult: false }, 'stopped'],
  [{ exit: exit(null, 'SIGTERM'), step: 6, hasResult: false }, 'failed'],
  [{ exit: exit(0), hasResult: false, hasCheckpoint: false }, 'failed'],
  [{ exit: null }, 'lost'],
  [{ exit: null, failure: { code: 'training.NAN_LOSS', params: {} } }, 'failed'],
  [{ exit: exit(1), failure: { code: 'training.GPU_OOM', params: {} } }, 'failed'],
] as [Partial<EndFacts>, string][])('%j ends as %s', (more, state) => {
  expect(endingOf(facts(more)).state).toBe(state)
})

test.each([
  ['torch.OutOfMemoryError: CUDA out of memory. Tried to allocate', exit(1), 'GPU_OOM'],
  ['MemoryError', exit(1), 'HOST_OOM'],
  ['step 4/10 loss 1.2', exit(null, 'SIGKILL'), 'KILLED'],
  ['Killed', exit(137), 'KILLED'],
  ['OSError: [Errno 28] No space left on device', exit(1), 'DISK_FULL'],
  ["ModuleNotFoundError: No module named 'peft'", exit(1), 'DEPENDENCY'],
  ["OSError: Can't load the configuration of 'x/y'", exit(1), 'MODEL_LOAD'],
  ['RuntimeError: size mismatch for lm_head.weight', exit(1), 'RESUME_MISMATCH'],
  ['ValueError: cannot use chat_template', exit(1), 'TEMPLATE'],
  ['Segmentation fault', exit(null, 'SIGSEGV'), 'UNKNOWN'],
] as const)('%s is understood', (line, ending, name) => {
  const { code, params } = classifyFailure(['Traceback (most recent call last):', line], ending)
  expect(code).toBe(`training.${name}`)
  expect(Object.keys(errorStatus)).toContain(code)
  expect(params.message).toBe(line)
})

test('the last word is the error, not what was printed after it', () => {
  const lines = ['ValueError: odd', '  warnings.warn(', 'bye']
  expect(classifyFailure(lines, exit(1)).params).toEqual({ message: 'ValueError: odd' })
  expect(classifyFailure([], exit(7)).params).toEqual({ message: 'exit code 7' })
})

test('phases follow the states, each once, and close with the end', () => {
  let phases = phasesAfter([], 'queued', 1)
  phases = phasesAfter(phases, 'preparing', 2)
  phases = phasesAfter(phases, 'running', 3)
  expect(phasesAfter(phases, 'stopping', 4)).toEqual(phases)
  phases = phasesAfter(phases, 'finalizing', 5)
  expect(phasesAfter(phases, 'succeeded', 6)).toEqual([
    { phase: 'queue', startedAt: 1, endedAt: 2 },
    { phase: 'prepare', startedAt: 2, endedAt: 3 },
    { phase: 'train', startedAt: 3, endedAt: 5 },
    { phase: 'finish', startedAt: 5, endedAt: 6 },
  ])
})

import { expect, test } from 'vitest'
import { failureLines } from './failure-lines.ts'

const log = (...texts: string[]) =>
  texts.map((text, index) => ({ line: index + 1, time: 1, level: 'info' as const, text }))
const steps = Array.from({ length: 8 }, (_, index) => `step ${index + 1}/900 loss 0.5`)

test('the error and what it says are marked, with a few lines around them', () => {
  const lines = log(
    ...steps,
    'Traceback (most recent call last):',
    '  File "sft.py", line 88',
    "RuntimeError: [enforce fail] DefaultCPUAllocator: can't allocate memory",
    'the tracker ends',
  )
  const { shown, marked } = failureLines(lines, 'RuntimeError: [enforce fail] DefaultCPUAllocator')
  expect([...marked]).toEqual([11])
  expect(shown.map(({ line }) => line)).toEqual([8, 9, 10, 11, 12])
})

test('a failure without an error of its own is found by its message', () => {
  const lines = log(...steps, 'the loss is nan, the gradient nan at step 8', 'bye')
  expect([...failureLines(lines, 'the loss is nan, the gradient nan at step 8').marked]).toEqual([9])
})

test('of a trainer that was ended from outside the last lines are shown, none marked', () => {
  const { shown, marked } = failureLines(log(...steps), '')
  expect(marked.size).toBe(0)
  expect(shown.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7, 8])
  expect(failureLines([], 'x').shown).toEqual([])
})

test('an earlier error that did not end the run stays out of it', () => {
  const lines = log('ValueError: retried', ...steps, 'OSError: [Errno 28] No space left on device')
  expect([...failureLines(lines, '[Errno 28] No space left on device').marked]).toEqual([10])
})

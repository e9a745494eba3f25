import type { RouteReply } from '@anneal/contract'
import { expect, test } from 'vitest'
import { mayOpen, nextStep, stateOf } from './next-step.ts'

type Step = RouteReply<'home.get'>['checklist'][number]
const make = (step: Step['step'], more: Partial<Step> = {}): Step => {
  return { step, done: false, progress: null, fact: null, link: `/${step}`, ...more }
}
const fact = (key: string): Step['fact'] => ({ key, params: {} })
const all = () => true

test('only what goes on is live', () => {
  expect(stateOf(make('train', { progress: 0.4, fact: fact('trainingStarted') }))).toBe('live')
  expect(stateOf(make('train', { progress: 0, fact: fact('queued') }))).toBe('waiting')
  expect(stateOf(make('train', { fact: fact('trainingFailed') }))).toBe('failed')
  expect(stateOf(make('deploy', { fact: fact('deploymentStarting') }))).toBe('live')
  expect(stateOf(make('chat', { done: true, progress: 0.4 }))).toBe('done')
})

test('the next step is the first one that waits for the person', () => {
  const done = make('sign-in', { done: true })
  expect(nextStep([done, make('connect'), make('chat')], all)?.step.step).toBe('connect')
  expect(nextStep([done, make('connect')], () => false)).toMatchObject({ may: false })
  expect(nextStep([done, make('train', { progress: 0, fact: fact('queued') })], all)).toBeNull()
  expect(nextStep([done, make('deploy', { fact: fact('deploymentStarting') })], all)).toBeNull()
  expect(nextStep([make('train', { fact: fact('trainingFailed') })], all)).toMatchObject({ failed: true })
  expect(nextStep([done], all)).toBeNull()
})

test('a link is given only where it leads somewhere', () => {
  expect(mayOpen(make('sign-in', { link: '/' }), all)).toBe(false)
  const reader = (permission: string) => permission === 'training.read'
  expect(mayOpen(make('train', { link: '/training/1' }), reader)).toBe(true)
  expect(mayOpen(make('train', { link: '/training/new' }), reader)).toBe(false)
  expect(mayOpen(make('chat'), reader)).toBe(false)
})

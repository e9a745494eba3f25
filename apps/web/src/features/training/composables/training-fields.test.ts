import { expect, test } from 'vitest'
import { freeName, isValid, parseNumber, slug } from './training-fields.ts'

test.each([
  ['2e-4', 0.0002],
  [' 1,024 ', 1024],
  ['1 000', 1000],
  ['1，024', 1024],
  ['0.5', 0.5],
])('%s is read as a number', (text, value) => {
  expect(parseNumber(text)).toBe(value)
})

test.each(['', '  ', 'many', '1.2.3'])('%s is none', (text) => {
  expect(parseNumber(text)).toBeNaN()
})

test('fields take what the contract takes', () => {
  expect(isValid('steps', 400)).toBe(true)
  expect(isValid('steps', 0)).toBe(false)
  expect(isValid('steps', 1.5)).toBe(false)
  expect(isValid('learningRate', 0)).toBe(false)
  expect(isValid('learningRate', 1)).toBe(true)
  expect(isValid('seed', 0)).toBe(true)
  expect(isValid('dropout', 0.95)).toBe(false)
  expect(isValid('alpha', NaN)).toBe(false)
})

test('names keep letters of every script', () => {
  expect(slug(' Support dialogs (v4) ')).toBe('support-dialogs-v4')
  expect(slug('客服 对话')).toBe('客服-对话')
})

test('a taken name gets the next free number, whatever the case', () => {
  expect(freeName('Run', new Set(['other']))).toBe('Run')
  expect(freeName('Run', new Set(['run', 'run-2']))).toBe('Run-3')
})

import { expect, test } from 'vitest'
import { SignInThrottle, Throttle } from './throttle.ts'

test('the delay begins after the free failures, doubles and has an end', () => {
  const throttle = new Throttle({ free: 2, longest: 5000, forget: 60_000 })
  const waits: number[] = []
  for (let count = 0; count < 7; count += 1) {
    throttle.fail('a', 0)
    waits.push(throttle.wait('a', 0))
  }
  expect(waits).toEqual([0, 0, 1000, 2000, 4000, 5000, 5000])
  expect(throttle.wait('b', 0)).toBe(0)
  expect(throttle.wait('a', 4000)).toBe(1000)
})

test('after a quiet while the count begins anew', () => {
  const throttle = new Throttle({ free: 1, longest: 5000, forget: 10_000 })
  throttle.fail('a', 0)
  throttle.fail('a', 0)
  expect(throttle.wait('a', 0)).toBe(1000)
  throttle.fail('a', 20_000)
  expect(throttle.wait('a', 20_000)).toBe(0)
})

test('guesses sent at once are counted before any of them is answered', () => {
  const throttle = new SignInThrottle()
  let refused = 0
  for (let guess = 0; guess < 50; guess += 1) {
    try {
      throttle.enter('lin@example.com', '10.0.0.1', 0)
    } catch (error) {
      expect(error).toMatchObject({ code: 'auth.throttled', retryAfter: 1 })
      refused += 1
    }
  }
  expect(refused).toBe(41)
})

test('good sign-ins of many people behind one address are not throttled', () => {
  const throttle = new SignInThrottle()
  for (let person = 0; person < 500; person += 1) {
    throttle.enter(`p${person}@example.com`, '10.0.0.1', 0)
    throttle.succeed(`p${person}@example.com`, '10.0.0.1')
  }
  expect(() => throttle.enter('lin@example.com', '10.0.0.1', 0)).not.toThrow()
})

test('one address that tries many accounts is slowed down', () => {
  const throttle = new SignInThrottle()
  for (let person = 0; person <= 100; person += 1) throttle.enter(`p${person}@example.com`, '10.0.0.1', 0)
  expect(() => throttle.enter('lin@example.com', '10.0.0.1', 0)).toThrow()
  expect(() => throttle.enter('lin@example.com', '10.0.0.2', 0)).not.toThrow()
})

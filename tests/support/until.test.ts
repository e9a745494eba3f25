import { expect, it } from 'vitest'
import { until } from './until.ts'

it('returns the first truthy value, taking errors as not yet', async () => {
  let looks = 0
  const value = await until(
    () => {
      looks += 1
      if (looks === 1) throw new TypeError('not there')
      return looks === 3 ? 'there' : undefined
    },
    { everyMs: 1 },
  )
  expect([value, looks]).toEqual(['there', 3])
})

it('says what did not come about, and why', async () => {
  const waiting = until(() => Promise.reject(new TypeError('refused')), {
    timeoutMs: 5,
    everyMs: 1,
    what: 'health',
  })
  await expect(waiting).rejects.toMatchObject({ message: /health .* 5 ms/, cause: new TypeError('refused') })
})

import { expect, test } from 'vitest'
import { ApiError } from '../problem.ts'
import { useProof } from './use-proof.ts'

const needed = () => Promise.reject(new ApiError({ code: 'auth.proof-needed' }))
const settled = () => new Promise((resolve) => setTimeout(resolve))

test('what needs no proof is done at once', async () => {
  const { asking, guard } = useProof()
  expect(await guard(async () => 1)).toBe(1)
  expect(asking.value).toBeNull()
})

test('what needs one is done again once it was given, and not where it was not', async () => {
  for (const proved of [true, false]) {
    const { asking, guard } = useProof()
    let calls = 0
    const done = guard(() => (++calls === 1 ? needed() : Promise.resolve('done')))
    await settled()
    asking.value?.(proved)
    expect([await done, calls, asking.value]).toEqual([proved ? 'done' : undefined, proved ? 2 : 1, null])
  }
})

test('any other failure is passed on', async () => {
  const failure = new ApiError({ code: 'auth.factor-required' })
  await expect(useProof().guard(() => Promise.reject(failure))).rejects.toBe(failure)
})

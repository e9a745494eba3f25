import type { SocketMessage } from '@anneal/contract'
import { expect, test } from 'vitest'
import { openTestDb } from '../../platform/db/testing.ts'
import { newId } from '../../platform/ids.ts'
import { testPlatform } from '../../platform/testing.ts'
import { until } from '../../../../../tests/support/until.ts'
import { livePoints } from './live-points.ts'
import { pointsStore } from './points-store.ts'

test('twenty who watch a run cost no reading more than one does, and get the very same message', async () => {
  const opened = await openTestDb('sqlite')
  const { platform: parts } = testPlatform(opened.db)
  const platform = { ...parts, config: { databaseUrl: opened.place.url } as typeof parts.config }
  const store = pointsStore(platform)
  const live = livePoints(platform)
  try {
    const run = newId()
    const send = (step: number) =>
      store.append(run, { points: [{ key: 'loss', step: [step], value: [step], time: [step] }] })
    const number = await send(0)
    const got: SocketMessage[][] = Array.from({ length: 20 }, () => [])
    const stops = got.map((messages) =>
      live.add(run, { after: number, push: (message) => messages.push(message) }),
    )
    for (let step = 1; step <= 30; step++) {
      await send(step)
      live.arrived(run)
    }
    const last = number + 30
    const isThere = (messages: SocketMessage[]) =>
      messages.some((one) => one.type === 'points' && one.after === last)
    await until(() => got.every(isThere), { what: 'the last point for all' })
    expect(store.readings).toBe(0)
    for (const messages of got) {
      expect(messages.length).toBe(got[0]!.length)
      for (const [at, message] of messages.entries()) expect(message).toBe(got[0]![at])
    }
    const steps = got[0]!.flatMap((one) =>
      one.type === 'points' ? one.series.flatMap(({ step }) => step) : [],
    )
    expect(steps).toEqual(Array.from({ length: 30 }, (_, at) => at + 1))
    for (const stop of stops) stop()
    const before = got[0]!.length
    await send(31)
    live.arrived(run)
    expect(got[0]!.length).toBe(before)
  } finally {
    live.stop()
    await store.close()
    await opened.close()
  }
})

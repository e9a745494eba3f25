import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Platform } from '../../platform/context.ts'
import { type TestDb, openTestDb, testDialects } from '../../platform/db/testing.ts'
import { eventsMigrations } from '../../platform/events/index.ts'
import { type ModelCall, callsByPromptVersion, lastCalls, usageModule } from '../usage/index.ts'
import { newId } from '../../platform/ids.ts'
import { ledgerBatch } from './ledger-batch.ts'

const call = (): ModelCall => ({
  id: newId(),
  userId: newId(),
  keyId: null,
  modelId: null,
  connectionId: null,
  modelName: 'm',
  via: 'gateway',
  outcome: 'finished',
  errorCode: null,
  inputTokens: 1,
  cachedInputTokens: null,
  reasoningTokens: null,
  outputTokens: 1,
  firstTokenMs: 1,
  durationMs: 2,
  costMicros: null,
  currency: null,
  startedAt: Date.now(),
})

describe.each(testDialects())('the ledger of calls without a row of their own, on %s', (dialect) => {
  let opened: TestDb
  let platform: Platform
  const complaints: string[] = []
  beforeEach(async () => {
    opened = await openTestDb(dialect, [...eventsMigrations, ...usageModule.migrations])
    complaints.length = 0
    const parts: Partial<Platform> = {
      db: opened.db,
      clock: { now: () => Date.now() },
      events: { committed: () => undefined } as unknown as Platform['events'],
      log: { error: (text: string) => void complaints.push(text) } as Platform['log'],
    }
    platform = parts as Platform
  })
  afterEach(() => opened.close())

  const written = async () =>
    (await lastCalls(platform.db.read, { via: 'gateway', beforeId: '~', limit: 2000 })).map(({ id }) => id)

  it('is written together, each call once', async () => {
    const calls = Array.from({ length: 1200 }, call)
    for (const one of calls) ledgerBatch(platform).add(one)
    await ledgerBatch(platform).flush()
    await ledgerBatch(platform).flush()
    expect((await written()).toSorted()).toEqual(calls.map(({ id }) => id).toSorted())
  })

  it('keeps what a database that is away does not take', async () => {
    let isAway = true
    const failing: Platform = {
      ...platform,
      db: {
        ...platform.db,
        transaction: (work) =>
          isAway ? Promise.reject(new RangeError('away')) : platform.db.transaction(work),
      },
    }
    const one = call()
    ledgerBatch(failing).add(one)
    await ledgerBatch(failing).flush()
    expect(complaints).toHaveLength(1)
    isAway = false
    await ledgerBatch(failing).flush()
    expect(await written()).toEqual([one.id])
  })

  it('writes on where a commit went through and its answer was lost', async () => {
    let isLost = true
    const failing: Platform = {
      ...platform,
      db: {
        ...platform.db,
        transaction: async (work) => {
          const done = await platform.db.transaction(work)
          if (isLost) throw new RangeError('the connection was lost')
          return done
        },
      },
    }
    const [first, next] = [call(), call()]
    ledgerBatch(failing).add(first)
    await ledgerBatch(failing).flush()
    isLost = false
    ledgerBatch(failing).add(next)
    await ledgerBatch(failing).flush()
    expect((await written()).toSorted()).toEqual([first.id, next.id].toSorted())
  })

  it('says how often a version of a prompt was used', async () => {
    const [used, other] = [newId(), newId()]
    for (const promptVersionId of [used, used, other, null]) {
      ledgerBatch(platform).add({ ...call(), promptVersionId })
    }
    await ledgerBatch(platform).flush()
    const count = async (since: number) =>
      (await callsByPromptVersion(platform.db.read, [used, newId()], 'gateway', since)).map((row) => [
        row.prompt_version_id,
        Number(row.count),
      ])
    expect(await count(0)).toEqual([[used, 2]])
    expect(await count(Date.now() + 1000)).toEqual([])
  })
})

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventsMigrations } from '../../platform/events/index.ts'
import type { Platform } from '../../platform/context.ts'
import { openTestDb, type TestDb, testDialects } from '../../platform/db/testing.ts'
import { testPlatform } from '../../platform/testing.ts'
import { insertConnectionRow } from './connections.repo.ts'
import { failuresOfModel } from './failures.repo.ts'
import { nothingSaid } from './model-columns.ts'
import { modelsMigrations } from './models.migrations.ts'
import { insertModelRow, modelById } from './models.repo.ts'
import { type FailingModel, noteCall, onModelFailing } from './note-call.ts'
import { freshHealth } from './write-model.ts'

const common = {
  owner_id: 'owner',
  visibility: 'everyone' as const,
  version: 1,
  created_at: 1,
  updated_at: 1,
  deleted_at: null,
  deployment_id: null,
}
const told: FailingModel[] = []
onModelFailing(async (_tx, model) => void told.push(model))

describe.each(testDialects())('what a call shows of a model, %s', (dialect) => {
  let opened: TestDb
  let platform: Platform
  let now: number

  beforeEach(async () => {
    opened = await openTestDb(dialect, [...eventsMigrations, ...modelsMigrations])
    now = 1_000_000
    platform = { ...testPlatform(opened.db).platform, clock: { now: () => now } }
    told.length = 0
    await opened.db.transaction(async (tx) => {
      await tx.run(insertConnectionRow, {
        ...common,
        id: 'connection',
        name: 'Maker',
        name_key: 'maker',
        provider: 'openai-compatible',
        base_url: 'http://there',
        dialect: null,
        api_key: null,
        key_ending: null,
        node_id: null,
      })
      await tx.run(insertModelRow, {
        ...common,
        id: 'model',
        name: 'Model',
        name_key: 'model',
        connection_id: 'connection',
        provider_model: 'm',
        reasoning_profile: 'off',
        parameters: '{}',
        ...nothingSaid,
        ...freshHealth,
      })
    })
  })
  afterEach(() => opened.close())

  const row = () => opened.db.read.first(modelById, { id: 'model' })
  const failures = () => opened.db.read.all(failuresOfModel, { model_id: 'model', limit: 100 })
  /** One call, and the wait until it is written down. */
  async function call(code: string | null): Promise<void> {
    now += 60_000
    const at = now
    noteCall(platform, {
      modelId: 'model',
      error: code === null ? null : { code, params: { status: at } },
      firstTokenMs: 5,
      tokensPerSecond: null,
    })
    await expect
      .poll(async () => {
        const seen = await row()
        return Number(code === null ? seen?.last_ok_at : seen?.last_error_at)
      })
      .toBe(at)
  }

  test('the last twenty failures are kept', async () => {
    for (let count = 1; count <= 23; count++) await call(`provider.failed-${count}`)
    const kept = await failures()
    expect(kept).toHaveLength(20)
    expect([kept[0]?.code, kept.at(-1)?.code]).toEqual(['provider.failed-23', 'provider.failed-4'])
  })

  test('that it has begun to fail is told once, and again after it has answered', async () => {
    await call('provider.unauthorized')
    await call('provider.unauthorized')
    expect(told.map((model) => [model.name, model.connectionName, model.error.code])).toEqual([
      ['Model', 'Maker', 'provider.unauthorized'],
    ])
    await call(null)
    await call('provider.failed')
    expect(told.map((model) => model.error.code)).toEqual(['provider.unauthorized', 'provider.failed'])
  })

  test('failures that come at once are written down as one', async () => {
    await call('provider.failed')
    noteCall(platform, {
      modelId: 'model',
      error: { code: 'provider.stalled', params: {} },
      firstTokenMs: null,
      tokensPerSecond: null,
    })
    await call(null)
    expect((await failures()).map((failure) => failure.code)).toEqual(['provider.failed'])
  })
})

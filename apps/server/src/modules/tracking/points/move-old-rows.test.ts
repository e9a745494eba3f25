import { describe, expect, test } from 'vitest'
import { AppError } from '../../../platform/errors.ts'
import { type Db, defineQuery } from '../../../platform/db/index.ts'
import { openTestDb, testDialects } from '../../../platform/db/testing.ts'
import { newId } from '../../../platform/ids.ts'
import { testPlatform } from '../../../platform/testing.ts'
import { pointsStore } from '../points-store.ts'
import { trackingMigrations } from '../tracking.migrations.ts'
import { moveOldRows } from './move-old-rows.ts'
import { oldPoints, someOldSeries } from './old-rows.repo.ts'
import { pointsMigrations } from './points.migrations.ts'

const at = 1_790_000_000_000

type Row = Record<string, string | number | null>
const tables = defineQuery<{ tracked_series: Row; tracked_point: Row; tracked_line: Row }>()
const series = tables<{ id: string; run_id: string }, unknown>((k, p) =>
  k
    .insertInto('tracked_series')
    .values({ id: p.id, run_id: p.run_id, series_key: 'loss', type: 'FLOAT', points: 0 }),
)
const point = tables<
  { series_id: string; run_id: string; step: number; value: number | null; time: number },
  unknown
>((k, p) =>
  k.insertInto('tracked_point').values({
    series_id: p.series_id,
    run_id: p.run_id,
    step: p.step,
    value: p.value,
    time: p.time,
    arrival: 1,
  }),
)
const line = tables<{ run_id: string; epoch: number; time: number }, unknown>((k, p) =>
  k
    .insertInto('tracked_line')
    .values({ run_id: p.run_id, epoch: p.epoch, time: p.time, level: 'INFO', message: 'said' }),
)

async function fillOld(db: Db, runId: string, points: number): Promise<void> {
  const id = newId()
  await db.transaction(async (tx) => {
    await tx.run(series, { id, run_id: runId })
    for (let step = 0; step < points; step++) {
      const value = step === 3 ? null : step / 2
      await tx.run(point, { series_id: id, run_id: runId, step, value, time: at + step })
    }
    for (let epoch = 1; epoch <= 5; epoch++) await tx.run(line, { run_id: runId, epoch, time: at })
  })
}

describe.each(testDialects())('rows of an older version on %s', (dialect) => {
  test('move into the store, also in two goes, and are gone from the database', async () => {
    const opened = await openTestDb(dialect, [...trackingMigrations, ...pointsMigrations])
    const { platform } = testPlatform(opened.db)
    const config = { databaseUrl: opened.place.url } as typeof platform.config
    const store = pointsStore({ ...platform, config })
    try {
      const run = newId()
      await fillOld(opened.db, run, 50)
      let stored = 0
      const breaking = {
        append: (...args: Parameters<typeof store.append>) => {
          if (stored++ === 2) throw new AppError('platform.busy')
          return store.append(...args)
        },
      }
      await expect(moveOldRows(opened.db, breaking, platform.log)).rejects.toBeInstanceOf(AppError)
      await moveOldRows(opened.db, store, platform.log)
      const [moved] = await store.tail(run, ['loss'], 100)
      expect(moved?.step).toEqual(Array.from({ length: 50 }, (_, step) => step))
      expect(moved?.value.slice(2, 5)).toEqual([1, null, 2])
      expect(await store.lines(run, { limit: 10 })).toMatchObject({ total: 5 })
      expect(await opened.db.read.all(someOldSeries, { limit: 10 })).toEqual([])
      expect(await opened.db.read.all(oldPoints, { series_id: run, limit: 10 })).toEqual([])
    } finally {
      await store.close()
      await opened.close()
    }
  })
})

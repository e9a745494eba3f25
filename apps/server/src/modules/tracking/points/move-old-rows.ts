import type { Db } from '../../../platform/db/index.ts'
import type { Log } from '../../../platform/log/index.ts'
import type { PointsStore } from '../points-store.types.ts'
import {
  anOldLine,
  deleteOldLines,
  deleteOldPoints,
  deleteOldSeries,
  oldLines,
  oldPoints,
  someOldSeries,
} from './old-rows.repo.ts'

/** Rows moved in one go: each is stored at its new place before it is deleted at its old one. */
const atOnce = 10_000

type Store = Pick<PointsStore, 'append'>

async function movePoints(db: Db, store: Store, series: { id: string; run_id: string; series_key: string }) {
  let moved = 0
  for (;;) {
    const rows = await db.read.all(oldPoints, { series_id: series.id, limit: atOnce })
    const last = rows.at(-1)
    if (!last) return moved
    const points = [
      {
        key: series.series_key,
        step: rows.map(({ step }) => step),
        value: rows.map(({ value }) => value ?? Number.NaN),
        time: rows.map(({ time }) => time),
      },
    ]
    await store.append(series.run_id, { points })
    await db.transaction((tx) => tx.run(deleteOldPoints, { series_id: series.id, step: last.step }))
    moved += rows.length
  }
}

async function moveLines(db: Db, store: Store): Promise<number> {
  let moved = 0
  for (;;) {
    const found = await db.read.first(anOldLine, {})
    if (!found) return moved
    const rows = await db.read.all(oldLines, { run_id: found.run_id, limit: atOnce })
    const last = rows.at(-1)
    if (!last) return moved
    const lines = rows.map(({ epoch, time, level, message }) => ({ epoch, time, level, message }))
    await store.append(found.run_id, { lines })
    const upTo = { run_id: found.run_id, epoch: last.epoch, time: last.time }
    await db.transaction((tx) => tx.run(deleteOldLines, upTo))
    moved += rows.length
  }
}

/**
 * Points and lines of older versions lay in rows of the database. They are moved before the server takes new ones, so
 * that nothing old replaces what is newer; a start that is killed meanwhile is followed by one that goes on.
 */
export async function moveOldRows(db: Db, store: Store, log: Log): Promise<void> {
  let points = 0
  let said = false
  for (;;) {
    const some = await db.read.all(someOldSeries, { limit: 100 })
    if (some.length === 0) break
    if (!said) log.info('points of an older version are moved into their own store')
    said = true
    for (const series of some) {
      await store.append(series.run_id, { types: new Map([[series.series_key, series.type]]) })
      points += await movePoints(db, store, series)
      await db.transaction((tx) => tx.run(deleteOldSeries, { id: series.id }))
    }
  }
  const lines = await moveLines(db, store)
  if (said || lines > 0) log.info('points of an older version are moved', { points, lines })
}

import Database from 'better-sqlite3'
import { openInThread } from '../../../apps/server/src/platform/db/index.ts'
import type { Columns } from '../../../apps/server/src/modules/tracking/points/columns.ts'
import { BatchWriter } from '../../../apps/server/src/modules/tracking/points/write-batch.ts'

const at = 1_790_000_000_000

function columns(from: number, count: number, seed: number): Columns {
  const places = Array.from({ length: count }, (_, place) => from + place)
  return {
    step: Float64Array.from(places),
    value: Float64Array.from(places, (step) =>
      Math.fround(2 + Math.sin(step / 9000 + seed) + ((step * 7919) % 1000) / 5000),
    ),
    time: Float64Array.from(places, (step) => at + step * 250),
  }
}

/** Series of one run, written as the server's own thread writes them. */
export async function fillPoints(
  file: string,
  runId: string,
  keys: readonly string[],
  points: number,
): Promise<void> {
  const db = await openInThread(`sqlite:${file}`)
  const writer = new BatchWriter(db)
  const size = 1000
  for (let from = 0; from < points; from += size) {
    const batch = keys.map((key, seed) => ({ key, columns: columns(from, size, seed) }))
    await writer.append(runId, { points: batch, types: new Map(), lines: [] })
  }
  await db.close()
}

/** One series as rows of a table: what the curve costs without any of that. */
export function fillRows(file: string, points: number): Database.Database {
  const db = new Database(file)
  db.exec(
    'create table point (series integer, step integer, value real, time integer, primary key (series, step)) without rowid',
  )
  const insert = db.prepare('insert into point values (1, ?, ?, ?)')
  db.transaction(() => {
    const { step, value, time } = columns(0, points, 1)
    for (let place = 0; place < points; place++) insert.run(step[place], value[place], time[place])
  })()
  return db
}

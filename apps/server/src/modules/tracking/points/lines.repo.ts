import { defineQuery } from '../../../platform/db/index.ts'

interface LinesRow {
  run_id: string
  first_epoch: number
  first_time: number
  last_epoch: number
  last_time: number
  line_count: number
  open: number
  bytes: Uint8Array
}

const query = defineQuery<{ points_lines: LinesRow }>()

export type LinesPlace = Omit<LinesRow, 'run_id' | 'bytes'>

export const insertLines = query<LinesRow, unknown>((k, p) =>
  k.insertInto('points_lines').values({
    run_id: p.run_id,
    first_epoch: p.first_epoch,
    first_time: p.first_time,
    last_epoch: p.last_epoch,
    last_time: p.last_time,
    line_count: p.line_count,
    open: p.open,
    bytes: p.bytes,
  }),
)

/** Where each block lies, in order. */
export const linePlaces = query<{ run_id: string }, LinesPlace>((k, p) =>
  k
    .selectFrom('points_lines')
    .select(['first_epoch', 'first_time', 'last_epoch', 'last_time', 'line_count', 'open'])
    .where('run_id', '=', p.run_id)
    .orderBy('first_epoch')
    .orderBy('first_time'),
)

type Block = { run_id: string; first_epoch: number; first_time: number }

export const linesOf = query<Block, Pick<LinesRow, 'bytes'>>((k, p) =>
  k
    .selectFrom('points_lines')
    .select('bytes')
    .where('run_id', '=', p.run_id)
    .where('first_epoch', '=', p.first_epoch)
    .where('first_time', '=', p.first_time),
)

export const deleteLines = query<Block, unknown>((k, p) =>
  k
    .deleteFrom('points_lines')
    .where('run_id', '=', p.run_id)
    .where('first_epoch', '=', p.first_epoch)
    .where('first_time', '=', p.first_time),
)

/** The blocks that are still gathered, in order; there are few. */
export const openLines = query<{ run_id: string }, LinesRow>((k, p) =>
  k
    .selectFrom('points_lines')
    .selectAll()
    .where('run_id', '=', p.run_id)
    .where('open', '=', 1)
    .orderBy('first_epoch')
    .orderBy('first_time'),
)

export const deleteLinesOfRun = query<{ run_id: string }, unknown>((k, p) =>
  k.deleteFrom('points_lines').where('run_id', '=', p.run_id),
)

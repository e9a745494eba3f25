import type { Context } from '../../platform/context.ts'
import { toJson } from '../../platform/db/index.ts'
import { type WriteTx, write } from '../../platform/write.ts'
import { endRunKey } from '../auth/index.ts'
import { endTrackedRun } from '../tracking/index.ts'
import type { Ending } from './ending.ts'
import { hasEnded } from './run-state.ts'
import type { RunRow } from './training.repo.ts'
import { runById } from './training.repo.ts'
import { transition } from './transition.ts'

const TRACKED_STATE = {
  succeeded: 'finished',
  stopped: 'aborted',
  cancelled: 'aborted',
  failed: 'crashed',
  lost: 'crashed',
} as const

export interface EndedRun {
  id: string
  name: string
  ownerId: string
  state: Ending['state']
  error: Ending['error']
}
type EndListener = (tx: WriteTx, run: EndedRun) => Promise<void>
const listeners: EndListener[] = []

/** Lets a module take part in the transaction that ends a run. */
export function onRunEnded(listener: EndListener): void {
  listeners.push(listener)
}

/** Stores a run's end with its audit row, and ends its key and its tracked run. False where it had ended already. */
export async function finishRun(
  ctx: Context,
  id: string,
  ending: Ending,
  more: Partial<RunRow> = {},
): Promise<boolean> {
  return write(
    ctx,
    async (tx) => {
      const row = await tx.first(runById, { id })
      if (!row || hasEnded(row.state)) return false
      const error = ending.error ? toJson(ending.error) : null
      const next = await transition(ctx, tx, row, ending.state, { ...more, error })
      if (!next) return false
      await endRunKey(tx, id)
      if (row.tracked_run_id) await endTrackedRun(ctx, tx, row.tracked_run_id, TRACKED_STATE[ending.state])
      tx.audit(
        'training-run.ended',
        { kind: 'training-run', id },
        { state: ending.state, code: ending.error?.code },
      )
      const ended = { id, name: row.name, ownerId: row.owner_id, state: ending.state, error: ending.error }
      for (const listener of listeners) await listener(tx, ended)
      return true
    },
    { unaudited: 'it may have ended before, which was audited then' },
  )
}

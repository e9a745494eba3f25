import type { Context } from '../../platform/context.ts'
import { toJson } from '../../platform/db/index.ts'
import { write } from '../../platform/write.ts'
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

/** Stores a run's end with its audit row, ends its key, and then its tracked run. False where it had ended already. */
export async function finishRun(
  ctx: Context,
  id: string,
  ending: Ending,
  more: Partial<RunRow> = {},
): Promise<boolean> {
  const ended = await write(
    ctx,
    async (tx) => {
      const row = await tx.first(runById, { id })
      if (!row || hasEnded(row.state)) return null
      const error = ending.error ? toJson(ending.error) : null
      const next = await transition(ctx, tx, row, ending.state, { ...more, error })
      if (!next) return null
      await endRunKey(tx, id)
      tx.audit(
        'training-run.ended',
        { kind: 'training-run', id },
        { state: ending.state, code: ending.error?.code },
      )
      return next
    },
    { unaudited: 'it may have ended before, which was audited then' },
  )
  if (!ended) return false
  if (ended.tracked_run_id) {
    await endTrackedRun(ctx, ended.tracked_run_id, TRACKED_STATE[ending.state]).catch((error: unknown) =>
      ctx.platform.log.warn('a tracked run could not be ended', { error, run: id }),
    )
  }
  return true
}

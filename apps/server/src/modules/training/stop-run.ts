import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { aboutResources } from '../auth/index.ts'
import { runFor } from './load.ts'
import { presentRun } from './present.ts'
import type { RunState, RunView } from './run-state.ts'
import { hasEnded } from './run-state.ts'
import { supervisorOf } from './supervisor.ts'
import type { RunRow } from './training.repo.ts'
import { patchRun } from './training.repo.ts'
import { emitRun, transition } from './transition.ts'

/** Where a stop leads from each state; what is being saved already is let finish. */
const NEXT: Partial<Record<RunState, RunState>> = {
  queued: 'cancelled',
  preparing: 'stopping',
  running: 'stopping',
}

/**
 * Asks a run to stop: at the end of its step, with a checkpoint that can be served; one that still waits is cancelled.
 * Asked twice it does nothing more. Throws `training.already-ended`.
 */
export async function stopRun(ctx: Context, id: string): Promise<RunView> {
  return write(ctx, async (tx) => {
    const row = await runFor(ctx, tx, id, 'edit')
    if (hasEnded(row.state)) throw new AppError('training.already-ended')
    tx.audit('training-run.stop-requested', { kind: 'training-run', id }, { state: row.state })
    const to = NEXT[row.state]
    let next: RunRow | null = row
    if (to) next = await transition(ctx, tx, row, to, { desired: 'stop' })
    else await patchRun(tx, id, [row.state], { desired: 'stop' })
    // The trainer moved on in the same moment: the one who asks sees the new state and asks again.
    if (!next) throw new AppError('platform.busy')
    emitRun(tx, next, { stop: true })
    tx.afterCommit(() => supervisorOf(ctx.platform).requestStop(id))
    return presentRun(next, await aboutResources(tx, ctx.actor, 'training-run', [next]))
  })
}

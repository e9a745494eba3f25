import { toJson } from '../../platform/db/index.ts'
import type { Context } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import type { WriteTx } from '../../platform/write.ts'
import type { Phase, Progress, RunState } from './run-state.ts'
import { hasEnded, phasesAfter } from './run-state.ts'
import type { RunRow } from './training.repo.ts'
import { insertTransition, patchRun } from './training.repo.ts'

/** Small facts for the page, so that it need not read the run again at each step. */
export function changeData(row: RunRow): Record<string, unknown> {
  const progress = JSON.parse(row.progress) as Progress
  const { step, loss, secondsLeft, secondsPerStep, tokensPerSecond, learningRate, epoch } = progress
  return { state: row.state, step, loss, secondsLeft, secondsPerStep, tokensPerSecond, learningRate, epoch }
}

export function emitRun(tx: WriteTx, row: RunRow, more: Record<string, unknown> = {}): void {
  tx.emit({
    kind: 'training-run',
    id: row.id,
    change: 'updated',
    ownerId: row.owner_id,
    visibility: row.visibility,
    data: { ...changeData(row), ...more },
  })
}

/**
 * Takes a run from the state it was read in to the next, with its record. The row as it is then, or null where it was
 * in another state by now: someone else was first.
 */
export async function transition(
  ctx: Context,
  tx: WriteTx,
  row: RunRow,
  to: RunState,
  more: Partial<RunRow> = {},
): Promise<RunRow | null> {
  const now = ctx.platform.clock.now()
  const phases = phasesAfter(JSON.parse(row.phases) as Phase[], to, now)
  const patch: Partial<RunRow> = {
    ...more,
    state: to,
    updated_at: now,
    phases: toJson(phases),
    ...(to === 'preparing' && { started_at: now }),
    ...(hasEnded(to) && { ended_at: now }),
  }
  if (!(await patchRun(tx, row.id, [row.state], patch))) return null
  await tx.run(insertTransition, {
    id: newId(),
    run_id: row.id,
    from_state: row.state,
    to_state: to,
    at: now,
  })
  const next = { ...row, ...patch }
  emitRun(tx, next)
  return next
}

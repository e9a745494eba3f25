import type { Context } from '../../../platform/context.ts'
import type { Reader } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { write } from '../../../platform/write.ts'
import { actorUserId, hasAccess } from '../../auth/index.ts'
import { flatSettings } from '../flat-settings.ts'
import { type TrackedRunRow, endRun, runById, runsByCuid, setProfile } from '../tracking.repo.ts'
import { mergeProfile, objectOf, textOf } from './parse.ts'

/** A training run's key reaches that run alone; anyone else what they may edit. */
export async function mayWrite(ctx: Context, reader: Reader, row: TrackedRunRow): Promise<boolean> {
  const { actor } = ctx
  if (actor.kind === 'key' && actor.trainingRunId !== null) return row.training_run_id === actor.trainingRunId
  return hasAccess(ctx, reader, 'edit', 'tracked-run', row)
}

/** The run that an SDK means by its cuid; 404 for one that the actor may not write to. */
export async function runFor(ctx: Context, cuid: string): Promise<TrackedRunRow> {
  const { read } = ctx.platform.db
  const rows = await read.all(runsByCuid, { cuid })
  const may = await Promise.all(rows.map((one) => mayWrite(ctx, read, one)))
  const writable = rows.filter((_, index) => may[index])
  // Whoever gives a run of theirs the id of another's gets none of its data: one's own comes first.
  const own = actorUserId(ctx.actor)
  const row = writable.find((one) => one.owner_id === own) ?? writable[0]
  if (!row) throw new AppError('tracking.run-not-found')
  return row
}

/** Lays what came over the run's profile: configuration, environment, packages. */
export async function mergeIntoProfile(ctx: Context, runId: string, body: unknown): Promise<void> {
  await write(
    ctx,
    async (tx) => {
      const row = await tx.first(runById, { id: runId })
      if (!row) return
      const merged = mergeProfile(JSON.parse(row.profile), objectOf(body))
      await tx.run(setProfile, {
        id: runId,
        profile: JSON.stringify(merged),
        settings: JSON.stringify(flatSettings(objectOf(merged)['config'])),
        updated_at: ctx.platform.clock.now(),
      })
      const { owner_id: ownerId, visibility } = row
      tx.emit({ kind: 'tracked-run', id: runId, change: 'updated', ownerId, visibility })
    },
    { unaudited: 'data of a run is not audited' },
  )
}

const states: Readonly<Record<string, string>> = {
  FINISHED: 'finished',
  CRASHED: 'crashed',
  ABORTED: 'aborted',
}

/** The SDK says that the run has ended; data that still comes is taken. */
export async function setRunState(
  ctx: Context,
  row: TrackedRunRow,
  body: Record<string, unknown>,
): Promise<void> {
  const state = states[textOf(body['state'], 20)] ?? 'finished'
  const said = typeof body['finishedAt'] === 'string' ? Date.parse(body['finishedAt']) : Number.NaN
  const finishedAt = Number.isFinite(said) ? said : ctx.platform.clock.now()
  await write(ctx, async (tx) => {
    await tx.run(endRun, { id: row.id, state, finished_at: finishedAt })
    tx.audit('tracked-run.ended', { kind: 'tracked-run', id: row.id }, { state })
    tx.emit({
      kind: 'tracked-run',
      id: row.id,
      change: 'updated',
      ownerId: row.owner_id,
      visibility: row.visibility,
      data: { state },
    })
  })
}

import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { tellVisibility } from '../auth/index.ts'
import { loadTrackedRun } from './load-tracked.ts'
import { type RunDetail, runDetail } from './present-tracking.ts'
import { projectById, updateRunRow } from './tracking-pages.repo.ts'

type Changes = RouteHandlerInput<'tracking.updateRun'>['body']

/** A run as the transaction sees it. */
export async function detailOf(ctx: Context, reader: Reader, id: string): Promise<RunDetail> {
  const row = await loadTrackedRun(ctx, reader, id, 'read')
  const project = await reader.first(projectById, { id: row.project_id })
  if (!project) throw new AppError('tracking.run-not-found')
  return runDetail(ctx, reader, row, project)
}

/** Changes what is said of a run, its colour, and who sees it. A stale version answers 409 with what is there now. */
export async function updateTrackedRun(ctx: Context, id: string, input: Changes): Promise<RunDetail> {
  return write(ctx, async (tx) => {
    const row = await loadTrackedRun(ctx, tx, id, 'edit')
    if (input.visibility) await loadTrackedRun(ctx, tx, id, 'manage')
    const visibility = input.visibility ?? row.visibility
    const { changes } = await tx.run(updateRunRow, {
      id,
      version: input.version,
      name: input.name ?? row.name,
      description: input.description ?? row.description,
      labels: input.tags ? JSON.stringify([...new Set(input.tags)]) : row.labels,
      colour: input.colour ?? row.colour,
      visibility,
      updated_at: ctx.platform.clock.now(),
    })
    if (changes === 0) {
      throw new AppError('platform.stale-version', {}, { current: await detailOf(ctx, tx, id) })
    }
    await tellVisibility(tx, 'tracked-run', row, visibility)
    const changed = Object.keys(input).filter((field) => field !== 'version')
    tx.audit('tracked-run.updated', { kind: 'tracked-run', id }, { changed, name: input.name ?? row.name })
    tx.emit({ kind: 'tracked-run', id, change: 'updated', ownerId: row.owner_id, visibility })
    return detailOf(ctx, tx, id)
  })
}

import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { write } from '../../../platform/write.ts'
import { actorUserId, can } from '../../auth/index.ts'
import { flatSettings } from '../flat-settings.ts'
import { nextColour } from '../tracked-runs.ts'
import {
  type ProjectRow,
  type TrackedRunRow,
  beginRun,
  endRun,
  insertRun,
  runById,
  runInProject,
  runsByCuid,
  setProfile,
} from '../tracking.repo.ts'
import { mergeProfile, objectOf, textOf } from './parse.ts'

/** A training run's key reaches that run alone; anyone else what they may edit. */
function mayWrite(ctx: Context, row: TrackedRunRow): boolean {
  const { actor } = ctx
  if (actor.kind === 'key' && actor.trainingRunId !== null) return row.training_run_id === actor.trainingRunId
  return can(actor, 'edit', { kind: 'tracked-run', ownerId: row.owner_id, visibility: row.visibility })
}

/** The run that an SDK means by its cuid; 404 for one that the actor may not write to. */
export async function runFor(ctx: Context, cuid: string): Promise<TrackedRunRow> {
  const { read } = ctx.platform.db
  const rows = await read.all(runsByCuid, { cuid })
  const writable = rows.filter((one) => mayWrite(ctx, one))
  // Whoever gives a run of theirs the id of another's gets none of its data: one's own comes first.
  const own = actorUserId(ctx.actor)
  const row = writable.find((one) => one.owner_id === own) ?? writable[0]
  if (!row) throw new AppError('tracking.run-not-found')
  return row
}

export function showRun(row: TrackedRunRow) {
  return {
    cuid: row.cuid,
    slug: row.cuid,
    name: row.name,
    state: row.state.toUpperCase(),
    createdAt: new Date(row.created_at).toISOString(),
    finishedAt: row.finished_at === null ? null : new Date(row.finished_at).toISOString(),
    profile: JSON.parse(row.profile) as unknown,
  }
}

/** Makes a run, or goes on with the one of this cuid. An announced run counts as made by whoever speaks for it first. */
export async function createRun(
  ctx: Context,
  project: ProjectRow,
  body: Record<string, unknown>,
): Promise<{ row: TrackedRunRow; made: boolean }> {
  const cuid = textOf(body['cuid'], 100) || newId().replaceAll('-', '')
  const now = ctx.platform.clock.now()
  return write(ctx, async (tx) => {
    const present = await tx.first(runInProject, { project_id: project.id, cuid })
    if (present && !mayWrite(ctx, present)) throw new AppError('auth.forbidden')
    const begun = {
      name: textOf(body['name'], 200) || present?.name || cuid,
      description: textOf(body['description'], 10_000) || null,
      colors: Array.isArray(body['colors']) ? JSON.stringify(body['colors'].slice(0, 2)) : null,
      started_at: present?.started_at ?? now,
      updated_at: now,
    }
    if (present) {
      await tx.run(beginRun, { ...begun, id: present.id })
    } else {
      if (ctx.actor.kind === 'key' && ctx.actor.trainingRunId !== null) throw new AppError('auth.forbidden')
      const colour = await nextColour(tx, project.id)
      await tx.run(insertRun, { ...newRun(ctx, project, cuid, begun), colour })
    }
    const row = await tx.first(runInProject, { project_id: project.id, cuid })
    if (!row) throw new AppError('tracking.run-not-found')
    tx.audit('tracked-run.started', { kind: 'tracked-run', id: row.id }, { name: row.name })
    tx.emit({
      kind: 'tracked-run',
      id: row.id,
      change: present ? 'updated' : 'created',
      ownerId: row.owner_id,
      visibility: row.visibility,
      data: { state: 'running' },
    })
    return { row, made: present === undefined || present.state === 'announced' }
  })
}

type Begun = Pick<TrackedRunRow, 'name' | 'description' | 'colors' | 'started_at' | 'updated_at'>

function newRun(ctx: Context, project: ProjectRow, cuid: string, begun: Begun): TrackedRunRow {
  return {
    ...begun,
    id: newId(),
    owner_id: actorUserId(ctx.actor),
    visibility: project.visibility,
    version: 1,
    created_at: begun.updated_at,
    deleted_at: null,
    project_id: project.id,
    cuid,
    state: 'running',
    profile: '{}',
    training_run_id: null,
    arrivals: 0,
    heartbeat_at: begun.updated_at,
    finished_at: null,
    colour: null,
    settings: null,
  }
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

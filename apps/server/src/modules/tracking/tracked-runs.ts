import type { Visibility } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import type { WriteTx } from '../../platform/write.ts'
import { usersByIds } from '../auth/index.ts'
import {
  type ProjectRow,
  countEverRuns,
  endRun,
  insertProject,
  insertRun,
  projectByName,
  runById,
} from './tracking.repo.ts'

/** The project of the platform's own runs, in their owner's workspace. */
const ownProject = 'training'

export interface AnnouncedRun {
  trackedRunId: string
  workspace: string
  project: string
  /** What the SDK is to be given as its run id. */
  runId: string
}

/**
 * Expects a run of the platform's own, in the transaction that starts it: the SDK that speaks under `runId` fills it.
 * Each start from zero has an id of its own.
 */
export async function ensureTrackedRun(
  ctx: Context,
  tx: WriteTx,
  run: { trainingRunId: string; ownerId: string; name: string; visibility?: Visibility },
): Promise<AnnouncedRun> {
  const owner = (await usersByIds(tx, [run.ownerId])).get(run.ownerId)
  const workspace = owner?.workspace ?? ''
  const now = ctx.platform.clock.now()
  const { row: project } = await projectFor(tx, { workspace, name: ownProject, ownerId: run.ownerId, now })
  const id = newId()
  const cuid = id.replaceAll('-', '')
  await tx.run(insertRun, {
    id,
    owner_id: run.ownerId,
    visibility: run.visibility ?? 'private',
    version: 1,
    created_at: now,
    updated_at: now,
    deleted_at: null,
    project_id: project.id,
    cuid,
    name: run.name,
    description: null,
    colors: null,
    labels: null,
    job: null,
    cluster: null,
    state: 'announced',
    profile: '{}',
    training_run_id: run.trainingRunId,
    arrivals: 0,
    heartbeat_at: null,
    started_at: null,
    finished_at: null,
    colour: await nextColour(tx, project.id),
    settings: null,
  })
  tx.emit({
    kind: 'tracked-run',
    id,
    change: 'created',
    ownerId: run.ownerId,
    visibility: run.visibility ?? 'private',
    data: { state: 'announced' },
  })
  return { trackedRunId: id, workspace, project: ownProject, runId: cuid }
}

/** Finds a project of a workspace, or makes it. */
export async function projectFor(
  tx: WriteTx,
  wanted: { workspace: string; name: string; ownerId: string; now: number; visibility?: Visibility },
): Promise<{ row: ProjectRow; made: boolean }> {
  const present = await tx.first(projectByName, { workspace: wanted.workspace, name: wanted.name })
  if (present) return { row: present, made: false }
  const row: ProjectRow = {
    id: newId(),
    owner_id: wanted.ownerId,
    visibility: wanted.visibility ?? 'private',
    version: 1,
    created_at: wanted.now,
    updated_at: wanted.now,
    deleted_at: null,
    workspace: wanted.workspace,
    name: wanted.name,
    description: null,
    former_name: null,
  }
  await tx.run(insertProject, row)
  // Two that make it at the same moment get the same one.
  const stored = await tx.first(projectByName, { workspace: wanted.workspace, name: wanted.name })
  if (stored && stored.id !== row.id) return { row: stored, made: false }
  tx.emit({
    kind: 'project',
    id: row.id,
    change: 'created',
    ownerId: row.owner_id,
    visibility: row.visibility,
  })
  return { row, made: true }
}

/** Neighbours in a project differ in colour, of the eight that there are. */
export async function nextColour(tx: WriteTx, projectId: string): Promise<number> {
  return Number((await tx.first(countEverRuns, { project_id: projectId }))?.n ?? 0) % 8
}

export type EndState = 'finished' | 'crashed' | 'aborted'

/** Ends a run whose SDK said nothing itself (a SIGTERM sends nothing). One that has ended stays as it is. */
export async function endTrackedRun(
  ctx: Context,
  tx: WriteTx,
  trackedRunId: string,
  state: EndState,
): Promise<void> {
  const row = await tx.first(runById, { id: trackedRunId })
  if (!row || row.finished_at !== null) return
  await tx.run(endRun, { id: row.id, state, finished_at: ctx.platform.clock.now() })
  tx.emit({
    kind: 'tracked-run',
    id: row.id,
    change: 'updated',
    ownerId: row.owner_id,
    visibility: row.visibility,
    data: { state },
  })
}

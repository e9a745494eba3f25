import type { Context } from '../../../platform/context.ts'
import { toJson } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { type WriteTx, write } from '../../../platform/write.ts'
import { actorUserId, requireAccess } from '../../auth/index.ts'
import { nextColour } from '../tracked-runs.ts'
import {
  type ProjectRow,
  type TrackedRunRow,
  beginRun,
  freeCuid,
  insertRun,
  runInProject,
} from '../tracking.repo.ts'
import { parseTime } from './parse-time.ts'
import { listOf, objectOf, textOf } from './parse.ts'
import { mayWrite } from './runs.ts'

type Begun = Pick<
  TrackedRunRow,
  'name' | 'description' | 'colors' | 'labels' | 'job' | 'cluster' | 'started_at' | 'updated_at'
>

const mostLabels = 50

/** When the script began: earlier than now where it logged without a server and is uploaded later. */
function beganAt(said: unknown, now: number): number {
  const at = parseTime(textOf(said, 40))
  return at > 0 && at <= now ? at : now
}

/** What the SDK says of the run; what it leaves out stays as it was. */
function begunOf(
  body: Record<string, unknown>,
  present: TrackedRunRow | undefined,
  rest: { cuid: string; now: number },
): Begun {
  const labels = listOf(body['labels'])
    .slice(0, mostLabels)
    .map((label) => textOf(objectOf(label)['name'], 100))
    .filter((name) => name !== '')
  return {
    name: textOf(body['name'], 200) || present?.name || rest.cuid,
    description: textOf(body['description'], 10_000) || (present?.description ?? null),
    colors: Array.isArray(body['colors']) ? toJson(body['colors'].slice(0, 2)) : (present?.colors ?? null),
    labels: labels.length > 0 ? toJson(labels) : (present?.labels ?? null),
    job: textOf(body['job'], 200) || (present?.job ?? null),
    cluster: textOf(body['cluster'], 200) || (present?.cluster ?? null),
    started_at: present?.started_at ?? beganAt(body['createdAt'], rest.now),
    updated_at: rest.now,
  }
}

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

const isRunKey = (ctx: Context): boolean => ctx.actor.kind === 'key' && ctx.actor.trainingRunId !== null

/** The run of this id in the project. One that was deleted gives its id free, unless it is a training's own. */
async function presentRun(
  ctx: Context,
  tx: WriteTx,
  project: ProjectRow,
  cuid: string,
): Promise<TrackedRunRow | undefined> {
  const present = await tx.first(runInProject, { project_id: project.id, cuid })
  if (present && !(await mayWrite(ctx, tx, present))) throw new AppError('auth.forbidden')
  if (!present || present.deleted_at === null || isRunKey(ctx)) return present
  await tx.run(freeCuid, { id: present.id, cuid: present.id })
  return undefined
}

async function insertNew(
  ctx: Context,
  tx: WriteTx,
  project: ProjectRow,
  cuid: string,
  begun: Begun,
): Promise<boolean> {
  if (isRunKey(ctx)) throw new AppError('auth.forbidden')
  await requireAccess(ctx, tx, 'use', 'project', project, 'tracking.project-not-found')
  const wanted = newRun(ctx, project, cuid, begun)
  await tx.run(insertRun, { ...wanted, colour: await nextColour(tx, project.id) })
  // Parallel processes of one run make it at the same moment: one of them does, the others go on with it.
  const row = await tx.first(runInProject, { project_id: project.id, cuid })
  if (row && !(await mayWrite(ctx, tx, row))) throw new AppError('auth.forbidden')
  return row?.id === wanted.id
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
    const present = await presentRun(ctx, tx, project, cuid)
    const begun = begunOf(body, present, { cuid, now })
    if (present) await tx.run(beginRun, { ...begun, id: present.id })
    const made = present ? present.state === 'announced' : await insertNew(ctx, tx, project, cuid, begun)
    const row = await tx.first(runInProject, { project_id: project.id, cuid })
    if (!row) throw new AppError('tracking.run-not-found')
    const { id, owner_id: ownerId, visibility } = row
    tx.audit('tracked-run.started', { kind: 'tracked-run', id }, { name: row.name })
    const change = made && !present ? 'created' : 'updated'
    tx.emit({ kind: 'tracked-run', id, change, ownerId, visibility, data: { state: 'running' } })
    return { row, made }
  })
}

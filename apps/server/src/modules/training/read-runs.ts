import { access } from 'node:fs/promises'
import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { decodeCursor, toPage } from '../../platform/cursor.ts'
import { aboutResources, actorUserId, visibleParams } from '../auth/index.ts'
import { runFor } from './load.ts'
import { presentRun } from './present.ts'
import type { RunState, RunView } from './run-state.ts'
import { endedStates, liveStates } from './run-state.ts'
import type { CheckpointRow } from './training.repo.ts'
import { checkpointsOfRun, listRuns } from './training.repo.ts'

type ListQuery = RouteHandlerInput<'training.list'>['query']

const statesOf: Record<NonNullable<ListQuery['state']>, readonly RunState[]> = {
  live: liveStates,
  ended: endedStates,
  succeeded: ['succeeded'],
  stopped: ['stopped', 'cancelled'],
  failed: ['failed', 'lost'],
}

/** Where a list that begins with the oldest begins. */
const beginning = { at: 0, id: '' }

/** Runs that the actor may see, newest first unless asked otherwise. */
export async function readRuns(ctx: Context, query: ListQuery): Promise<RouteReply<'training.list'>> {
  const { read } = ctx.platform.db
  const oldestFirst = query.order === 'oldest'
  const rows = await listRuns(read, visibleParams(ctx.actor), {
    states: query.state === undefined ? null : statesOf[query.state],
    base: query.base ?? null,
    ownerId: query.owner === 'mine' ? actorUserId(ctx.actor) : null,
    search: query.search?.trim() || null,
    oldestFirst,
    ...(oldestFirst && query.cursor === undefined ? beginning : decodeCursor(query.cursor)),
    limit: query.limit + 1,
  })
  const about = await aboutResources(read, ctx.actor, 'training-run', rows)
  return toPage(
    rows,
    query.limit,
    (row) => ({ at: row.created_at, id: row.id }),
    (row) => presentRun(row, about),
  )
}

export async function getRun(ctx: Context, id: string): Promise<RunView> {
  const { read } = ctx.platform.db
  const row = await runFor(ctx, read, id, 'read')
  return presentRun(row, await aboutResources(read, ctx.actor, 'training-run', [row]))
}

/** What is still there: the trainer keeps its last three checkpoints. The result comes first, then the newest. */
export async function presentCheckpoints(rows: readonly CheckpointRow[]): Promise<CheckpointRow[]> {
  const there = await Promise.all(
    rows.map((row) =>
      access(row.path).then(
        () => true,
        () => false,
      ),
    ),
  )
  return rows
    .filter((_, index) => there[index])
    .toSorted((a, b) => Number(b.kind === 'result') - Number(a.kind === 'result') || b.step - a.step)
}

export async function readCheckpoints(ctx: Context, id: string): Promise<RouteReply<'training.checkpoints'>> {
  const { db, nodes } = ctx.platform
  const run = await runFor(ctx, db.read, id, 'read')
  const rows = await db.read.all(checkpointsOfRun, { run_id: id })
  const shown = run.node_id === nodes.self.id ? await presentCheckpoints(rows) : rows
  return {
    items: shown.map(({ id: checkpointId, step, kind, loss, bytes, created_at }) => ({
      id: checkpointId,
      step,
      kind,
      loss,
      bytes,
      createdAt: new Date(created_at).toISOString(),
    })),
  }
}

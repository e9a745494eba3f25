import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { UniqueViolation } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { type WriteTx, write } from '../../platform/write.ts'
import { actorUserId } from '../auth/index.ts'
import { connectionFor } from './load.ts'
import type { ConnectionRow, PullRow } from './models.tables.ts'
import { ollamaConnectionFor } from './ollama-connection.ts'
import { endPull, insertPull, pullByKey, pullsOfConnection } from './pulls.repo.ts'

export const pullJobKind = 'models.pull'

export type PullView = RouteReply<'models.startPull'>

const shownPulls = 30
const time = (ms: number): string => new Date(ms).toISOString()

/** Pulls of a connection that run, and the last that ended, newest first. */
export async function listPulls(ctx: Context, connectionId: string): Promise<RouteReply<'models.pulls'>> {
  const { read } = ctx.platform.db
  await connectionFor(ctx, read, connectionId, 'read')
  const rows = await read.all(pullsOfConnection, { connection_id: connectionId, limit: shownPulls })
  return { items: rows.map(presentPull) }
}

/** Brings a model to an Ollama server, in the background. The same name twice is one pull. */
export async function startPull(ctx: Context, connectionId: string, name: string): Promise<PullView> {
  try {
    return await start(ctx, connectionId, name)
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error
    // Somebody else asked for it at this moment: theirs is there by now.
    return start(ctx, connectionId, name)
  }
}

function start(ctx: Context, connectionId: string, name: string): Promise<PullView> {
  return write(ctx, async (tx) => {
    const connection = await ollamaConnectionFor(ctx, tx, connectionId, 'manage')
    const liveKey = liveKeyOf(connectionId, name)
    const present = await tx.first(pullByKey, { live_key: liveKey })
    if (present) {
      tx.audit('connection.pull-asked-again', { kind: 'connection', id: connectionId }, { name })
      return presentPull(present)
    }
    const id = newId()
    const ownerId = actorUserId(ctx.actor)
    // Without a key: one that was cancelled may still be ending, and works for its own row alone.
    const jobId = await ctx.platform.jobs.enqueue(tx, {
      kind: pullJobKind,
      payload: { pullId: id },
      ownerId,
    })
    const row: PullRow = {
      id,
      connection_id: connectionId,
      name,
      live_key: liveKey,
      job_id: jobId,
      owner_id: ownerId,
      state: 'queued',
      phase: null,
      completed_bytes: null,
      total_bytes: null,
      error: null,
      created_at: ctx.platform.clock.now(),
      ended_at: null,
    }
    await tx.run(insertPull, row)
    tx.audit('connection.pull-started', { kind: 'connection', id: connectionId }, { name })
    emitPull(tx, connection, row)
    return presentPull(row)
  })
}

/** Stops a pull, if there is one. What has come stays at the Ollama server, which goes on from there the next time. */
export async function cancelPull(ctx: Context, connectionId: string, name: string): Promise<void> {
  await write(ctx, async (tx) => {
    const connection = await connectionFor(ctx, tx, connectionId, 'manage')
    tx.audit('connection.pull-cancelled', { kind: 'connection', id: connectionId }, { name })
    const row = await tx.first(pullByKey, { live_key: liveKeyOf(connectionId, name) })
    if (!row) return
    const ended = { ...row, state: 'cancelled', ended_at: ctx.platform.clock.now() }
    await tx.run(endPull, ended)
    if (row.job_id !== null) await ctx.platform.jobs.cancel(tx, row.job_id)
    emitPull(tx, connection, ended)
  })
}

const liveKeyOf = (connectionId: string, name: string): string => `${connectionId}:${name.toLowerCase()}`

/** Tells pages that show the connection how far a pull is. */
export function emitPull(tx: WriteTx, connection: ConnectionRow, row: PullRow): void {
  tx.emit({
    kind: 'pull',
    id: row.id,
    change: 'updated',
    ownerId: connection.owner_id,
    visibility: 'permission',
    permission: 'connections.manage',
    data: { connectionId: row.connection_id, state: row.state },
  })
}

function presentPull(row: PullRow): PullView {
  return {
    id: row.id,
    connectionId: row.connection_id,
    name: row.name,
    state: row.state as PullView['state'],
    phase: row.phase,
    completedBytes: row.completed_bytes,
    totalBytes: row.total_bytes,
    error: row.error === null ? null : (JSON.parse(row.error) as PullView['error']),
    createdAt: time(row.created_at),
    endedAt: row.ended_at === null ? null : time(row.ended_at),
  }
}

import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import type { HandlerIo } from '../../../platform/http/index.ts'
import { write } from '../../../platform/write.ts'
import { pointsStore } from '../points-store.ts'
import { type TrackedRunRow, beat } from '../tracking.repo.ts'
import { seriesOf } from './parse.ts'
import { definitionsOf, isScalarType } from './parse-media.ts'
import { findProject } from './projects.ts'
import { runFor } from './runs.ts'
import { senderOf } from './session.ts'
import { keepDefinitions } from './take-media.ts'

/** An SDK waits for a reply for a minute; no error is safe for every one of them. */
const heldForMs = 45_000
const longestPauseMs = 4000

/** Tries again while there is no room or no database, and whoever sent it still waits: the reply is held meanwhile. */
async function held(ctx: Context, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const until = performance.now() + heldForMs
  for (let pauseMs = 250; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    try {
      return await work()
    } catch (error) {
      const passing = error instanceof AppError && error.status >= 500
      if (!passing || signal.aborted || performance.now() > until) throw error
      ctx.platform.log.warn('data is held until it can be stored', { error, code: error.code })
    }
    await pause(pauseMs)
  }
}

/** Data calls are answered well whatever happens under a known sid: nothing else is safe for every SDK. */
export async function takeData(
  ctx: Context,
  io: HandlerIo,
  cuid: string,
  store: (sender: Context, run: TrackedRunRow) => Promise<void>,
): Promise<Record<string, never>> {
  const sender = await senderOf(ctx, io, cuid)
  if (!sender) return {}
  try {
    await held(ctx, io.signal, async () => store(sender, await runFor(sender, cuid)))
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error
    ctx.platform.log.info('data of an unknown run was dropped', { run: cuid, code: error.code })
  }
  return {}
}

/** Series that a run of an older SDK declares: those of numbers are there before they have points. */
export async function declareSeries(
  sender: Context,
  run: TrackedRunRow,
  list: readonly unknown[],
): Promise<void> {
  await keepDefinitions(sender, { id: run.project_id }, definitionsOf(list))
  const scalars = [...seriesOf(list)].filter(([, type]) => isScalarType(type))
  if (scalars.length > 0) await pointsStore(sender.platform).declare(run.id, new Map(scalars))
}

/** Series that a newer SDK declares for the whole project; a run makes its own of them on first sight. */
export async function defineProjectSeries(
  ctx: Context,
  io: HandlerIo,
  where: { workspace: string; project: string },
  list: readonly unknown[],
): Promise<Record<string, never>> {
  const sender = await senderOf(ctx, io)
  if (!sender) return {}
  try {
    const project = await findProject(sender, where.workspace, where.project, 'use')
    await keepDefinitions(sender, project, definitionsOf(list))
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error
    ctx.platform.log.info('series of an unknown project were dropped', { ...where, code: error.code })
  }
  return {}
}

/** The run gave a sign of life. */
export async function noteHeartbeat(sender: Context, run: TrackedRunRow): Promise<void> {
  const now = sender.platform.clock.now()
  await write(
    sender,
    async (tx) => {
      await tx.run(beat, { id: run.id, heartbeat_at: now })
    },
    { unaudited: 'heartbeats are not audited' },
  )
}

import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import type { HandlerIo } from '../../../platform/http/index.ts'
import { write } from '../../../platform/write.ts'
import { pointsStore } from '../points-store.ts'
import { type TrackedRunRow, beat } from '../tracking.repo.ts'
import { runFor } from './runs.ts'
import { senderOf } from './session.ts'

/** Data calls are answered well whatever happens under a known sid: nothing else is safe for every SDK. */
export async function takeData(
  ctx: Context,
  io: HandlerIo,
  cuid: string,
  store: (sender: Context, run: TrackedRunRow) => Promise<void>,
): Promise<Record<string, never>> {
  const sender = await senderOf(ctx, io)
  if (!sender) return {}
  try {
    await store(sender, await runFor(sender, cuid))
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error
    ctx.platform.log.info('data of an unknown run was dropped', { run: cuid, code: error.code })
  }
  return {}
}

/** Series that are declared before they have points. */
export async function declareSeries(
  sender: Context,
  run: TrackedRunRow,
  types: ReadonlyMap<string, string>,
): Promise<void> {
  await pointsStore(sender.platform).declare(run.id, types)
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

import type { RouteReply } from '@anneal/contract'
import type { Client } from '../../tests/support/client.ts'
import { until } from '../../tests/support/until.ts'
import type { Made } from './fill.ts'

type Run = RouteReply<'training.get'>

const baseModel = { kind: 'starter' } as const
const made = (run: Run, note: string): Made => ({
  what: 'training run',
  name: run.name,
  path: `/training/${run.id}`,
  note,
})

/** Where the engine is ready: a run that failed, one that was stopped, and one that goes on from it. */
export async function fillMoreRuns(client: Client, datasetId: string): Promise<Made[]> {
  if ((await client.call('training.engine')).state !== 'ready') return []
  const follow = (id: string, holds: (run: Run) => boolean) =>
    until(
      async () => {
        const run = await client.call('training.get', { params: { id } })
        return holds(run) ? run : null
      },
      { timeoutMs: 300_000, everyMs: 250, what: 'a training run' },
    ) as Promise<Run>
  const start = (name: string, more: { steps: number; maxLength?: number; visibility?: 'everyone' }) =>
    client.call('training.start', { body: { name, datasetId, baseModel, ...more } })

  const short = await start('tidewell-short-rows', { steps: 200, maxLength: 16, visibility: 'everyone' })
  const failed = await follow(short.id, (run) => run.endedAt !== null)
  const long = await start('tidewell-long', { steps: 2000, visibility: 'everyone' })
  await follow(long.id, (run) => run.step >= 20 || run.endedAt !== null)
  await client.call('training.stop', { params: { id: long.id } })
  const stopped = await follow(long.id, (run) => run.endedAt !== null)
  const { items } = await client.call('training.checkpoints', { params: { id: long.id } })
  const checkpoint = items.find(({ kind }) => kind === 'checkpoint')
  const runs = [made(failed, 'failed'), made(stopped, 'stopped')]
  if (!checkpoint) return runs
  const next = await client.call('training.retry', {
    params: { id: long.id },
    body: { steps: checkpoint.step + 20, checkpointId: checkpoint.id },
  })
  return [...runs, made(await follow(next.id, (run) => run.endedAt !== null), `from step ${checkpoint.step}`)]
}

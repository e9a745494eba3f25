import type { Context } from '../../../../platform/context.ts'
import { type Line, type PointsStore, pointsStore } from '../../points-store.ts'
import { runByCuid } from './access.ts'

const perShard = 1000
/** Before every line of every run. */
const beginning = `${-(10 ** 15)}:0`

/** A run's lines from the beginning on. */
export async function* linesFrom(
  store: Pick<PointsStore, 'lines'>,
  runId: string,
): AsyncGenerator<readonly Line[]> {
  for (let after = beginning; ;) {
    const { items, newer } = await store.lines(runId, { after, limit: perShard })
    if (items.length === 0) return
    yield items
    if (items.length < perShard || newer === null) return
    after = newer
  }
}

const severity: Readonly<Record<string, number>> = { DEBUG: 0, INFO: 1, WARN: 2, ERROR: 3 }
const severityOf = (level: string) => severity[level.toUpperCase()] ?? 1

/** One shard of a thousand lines, counted from 0; `level` leaves out what matters less. */
export async function readLogs(ctx: Context, query: URLSearchParams) {
  const run = await runByCuid(ctx, query.get('experimentId') ?? '', query.get('projectId') ?? '')
  const shard = Math.max(0, Math.trunc(Number(query.get('epoch'))) || 0)
  const least = severityOf(query.get('level') ?? 'INFO')
  const store = pointsStore(ctx.platform)
  let [at, count] = [0, 0]
  const logs: unknown[] = []
  for await (const lines of linesFrom(store, run.id)) {
    for (const line of lines) {
      if (severityOf(line.level) < least) continue
      if (Math.floor(at / perShard) === shard) {
        const { epoch, level, message, time } = line
        logs.push({ epoch, level, message, timestamp: new Date(time).toISOString() })
      }
      at += 1
    }
  }
  count = at
  return { logs, count }
}

import type { Visibility } from '@anneal/contract'
import { type Platform, perPlatform, systemContext } from '../../platform/context.ts'
import { write } from '../../platform/write.ts'

/** Changes of a run's media are told at most once a second. */
const everyMs = 1000

const waiting = perPlatform(() => new Map<string, NodeJS.Timeout>())

/** Media or files of a run have arrived: pages that show them read them again. */
export function noteMedia(
  platform: Platform,
  run: { id: string; owner_id: string; visibility: Visibility },
): void {
  const timers = waiting(platform)
  if (timers.has(run.id)) return
  const tell = async () => {
    timers.delete(run.id)
    const { id, owner_id: ownerId, visibility } = run
    await write(
      systemContext(platform, 'tracking'),
      async (tx) => {
        tx.emit({ kind: 'tracked-run', id, change: 'updated', ownerId, visibility })
      },
      { unaudited: 'data of a run is not audited' },
    )
  }
  const timer = setTimeout(() => {
    tell().catch((error: unknown) =>
      platform.log.warn('a mark of new media could not be written', { error, run: run.id }),
    )
  }, everyMs)
  timers.set(run.id, timer.unref())
}

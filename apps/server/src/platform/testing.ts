import { type Context, type Platform, systemContext } from './context.ts'
import type { Db } from './db/index.ts'
import { listeningLog } from './events/events.testing.ts'

/** Only what a write and a job ask of the platform; the rest is absent. */
export function testPlatform(db: Db): { platform: Platform; ctx: Context; complaints: string[] } {
  const log = listeningLog()
  const parts: Partial<Platform> = {
    db,
    log,
    clock: { now: () => Date.now() },
    events: { committed() {} } as Platform['events'],
    audit: { committed() {} } as Platform['audit'],
  }
  const platform = parts as Platform
  return { platform, ctx: systemContext(platform, 'test'), complaints: log.complaints }
}

import type { Platform } from '../../platform/context.ts'
import type { Meter } from './meter.ts'
import type { StoredPart } from './parts-builder.ts'
import { registryOf } from './registry.ts'

/** Parts, number and meter of an answer that runs, or ran a moment ago, on this server. */
export function liveGeneration(
  platform: Platform,
  id: string,
): { parts: StoredPart[]; seq: number; meter: Meter } | null {
  const live = registryOf(platform).get(id)
  if (!live) return null
  live.flush()
  return { parts: live.parts(), seq: live.seq, meter: live.meter(platform.clock.now()) }
}

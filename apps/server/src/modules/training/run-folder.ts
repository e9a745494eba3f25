import path from 'node:path'
import type { Platform } from '../../platform/context.ts'

/** Everything of one run lies in a folder of its own. */
export function runFolder(platform: Platform, runId: string): string {
  return path.join(platform.config.data, 'runs', runId)
}

import type { deployments } from '@anneal/contract'
import type { z } from 'zod'

export type DeploymentState = z.output<typeof deployments.deploymentState>
export type DeploymentView = z.output<typeof deployments.deployment>
export type DeploymentSource = z.output<typeof deployments.deploymentSource>

/** Looked after on their server. */
export const activeStates: readonly DeploymentState[] = [
  'merging',
  'starting',
  'serving',
  'restarting',
  'stopping',
]
export const restingStates: readonly DeploymentState[] = ['stopped', 'failed', 'lost']

export interface DeploymentProblem {
  code: string
  params: Record<string, string | number>
}

const WINDOW_MS = 10 * 60_000
const DELAYS_MS = [1000, 2000, 4000, 8000, 16_000]

/** When to start again after a crash now, given those before; null once there were too many of late. */
export function restartDelay(times: readonly number[], now: number): number | null {
  const lately = times.filter((time) => now - time < WINDOW_MS).length
  return DELAYS_MS[lately] ?? null
}

export function recentRestarts(times: readonly number[], now: number): number[] {
  return times.filter((time) => now - time < WINDOW_MS)
}

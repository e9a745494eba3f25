import type { RouteReply } from '@anneal/contract'
import type { State } from '../ui/state.ts'

type RunState = RouteReply<'training.get'>['state']
type DeploymentState = RouteReply<'deployments.get'>['state']

/** How a training run's state is shown: by its shape, and ember for what runs now alone. */
export const runStates: Readonly<Record<RunState, State>> = {
  queued: 'queued',
  preparing: 'live',
  running: 'live',
  stopping: 'live',
  finalizing: 'live',
  stopped: 'idle',
  succeeded: 'ok',
  failed: 'danger',
  cancelled: 'off',
  lost: 'danger',
}

export const deploymentStates: Readonly<Record<DeploymentState, State>> = {
  merging: 'live',
  starting: 'live',
  serving: 'ok',
  restarting: 'warn',
  stopping: 'live',
  stopped: 'idle',
  failed: 'danger',
  lost: 'danger',
}

export function hasEnded(state: RunState): boolean {
  return ['stopped', 'succeeded', 'failed', 'cancelled', 'lost'].includes(state)
}

import type { State } from '../../../ui/state.ts'
import type { RunState } from '../tracking.api.ts'

/** How a run's state is shown: by its shape, and ember for what runs now alone. */
export const trackedStates: Readonly<Record<RunState, State>> = {
  announced: 'queued',
  running: 'live',
  finished: 'ok',
  crashed: 'danger',
  aborted: 'off',
}

export const isLive = (state: RunState): boolean => state === 'running' || state === 'announced'

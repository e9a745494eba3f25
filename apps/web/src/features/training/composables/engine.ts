import { useQueryClient } from '@tanstack/vue-query'
import { onScopeDispose, ref, shallowRef } from 'vue'
import { type ApiError, asApiError, call } from '../../../app/api.ts'
import { useSocket } from '../../../app/socket.ts'
import { type Engine, useEngine } from '../training.api.ts'

/** The training engine's state as it is pushed, and its preparation. */
export function useEngineState() {
  const queries = useQueryClient()
  const engine = useEngine()
  const asking = ref(false)
  const error = shallowRef<ApiError | null>(null)

  // Progress within a step is put in as it comes; a new step or state is read, with what it found out.
  const stop = useSocket().onChange('engine', ({ data }) => {
    const known = engine.data.value
    const progress = data?.['progress']
    if (!known || typeof progress !== 'number') return false
    if (known.state !== data?.['state'] || known.step !== data['step'] || known.downloadBytes === null)
      return false
    queries.setQueryData<Engine>(['engine'], { ...known, progress })
    return true
  })
  onScopeDispose(stop)

  async function prepare(): Promise<void> {
    if (asking.value) return
    asking.value = true
    error.value = null
    try {
      queries.setQueryData<Engine>(['engine'], await call('training.prepareEngine', {}))
    } catch (cause) {
      error.value = asApiError(cause)
    } finally {
      asking.value = false
    }
  }

  return { engine: engine.data, pending: engine.isPending, asking, error, prepare }
}

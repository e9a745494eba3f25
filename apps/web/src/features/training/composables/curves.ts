import { useQuery } from '@tanstack/vue-query'
import { computed, onScopeDispose, ref, shallowReactive, shallowRef, watch, type Ref } from 'vue'
import { call } from '../../../app/api.ts'
import { useSocket } from '../../../app/socket.ts'
import { type Curve, putPoints } from './curve-points.ts'

type Listener = (key: string, x: readonly number[], y: readonly (number | null)[]) => void

/**
 * Some curves of a tracked run, from tracking alone: what is stored, then each new point as it is pushed, once.
 * `onPoints` hears of new points; the curves hold them already.
 */
export function useCurves(id: Ref<string | null>, keys: readonly string[]) {
  const curves = shallowRef<Readonly<Record<string, Curve>>>({})
  const latest = shallowReactive<Record<string, number | null>>({})
  const count = ref(0)
  const listeners = new Set<Listener>()
  let stop: (() => void) | undefined

  const stored = useQuery({
    queryKey: ['run-curves', id],
    queryFn: async ({ signal }) => {
      const params = { id: id.value ?? '' }
      // What is not logged yet may come later: the stored series say what there is, the pushed ones what is new.
      const { items } = await call('tracking.series', { params, signal })
      const there = keys.filter((key) => items.some((one) => one.key === key))
      const query = { keys: (there.length ? there : keys).map(encodeURIComponent).join(','), limit: 20_000 }
      return call('tracking.points', { params, query, signal })
    },
    enabled: computed(() => id.value !== null),
    staleTime: 0,
    gcTime: 0,
  })

  function note(curve: Curve): void {
    latest[curve.key] = curve.y.at(-1) ?? null
  }

  function follow(tracked: string, after: number): void {
    stop?.()
    stop = useSocket().watch('points', tracked, {
      after,
      onMessages: (messages) => {
        if (messages.some((message) => message.reset)) void stored.refetch()
        for (const { key, step, value } of messages.flatMap((message) => message.series)) {
          const curve = curves.value[key]
          if (!curve) continue
          putPoints(curve, step, value)
          note(curve)
          count.value += step.length
          for (const listen of listeners) listen(key, step, value)
        }
      },
    })
  }

  watch(
    stored.data,
    (page) => {
      const tracked = id.value
      if (!page || tracked === null) return
      const fresh: Record<string, Curve> = {}
      for (const key of keys) fresh[key] = { key, x: [], y: [] }
      for (const one of page.series) {
        const curve = fresh[one.key]
        if (curve) putPoints(curve, one.step, one.value)
      }
      Object.values(fresh).forEach(note)
      curves.value = fresh
      count.value = Object.values(fresh).reduce((sum, curve) => sum + curve.x.length, 0)
      follow(tracked, page.number)
    },
    { immediate: true },
  )
  watch(id, () => stop?.())
  onScopeDispose(() => stop?.())

  return {
    curves,
    latest,
    count,
    error: stored.error,
    loading: stored.isLoading,
    retry: () => void stored.refetch(),
    onPoints(listener: Listener): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

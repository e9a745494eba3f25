import type { PointsMessage } from '@anneal/contract'
import { onScopeDispose } from 'vue'
import { call } from '../../../app/api.ts'
import { useSocket } from '../../../app/socket.ts'
import type { Curve } from '../tracking.api.ts'
import { portionsOf } from './key-portions.ts'

export interface CurveWindow {
  x: 'step' | 'time'
  /** In the unit of `x`; without one, all that there is. */
  from: number | undefined
  to: number | undefined
  /** Buckets at most. */
  width: number
}

export interface CurveListener {
  /** New points of the key. */
  points: (points: PointsMessage) => void
  /** What is drawn is no longer what is stored: read it again. */
  reset: () => void
}

interface Wanted {
  key: string
  resolve: (curve: Curve | null) => void
  reject: (cause: unknown) => void
}

/** Requests that charts make in one go are sent as one a run. */
const gatherMs = 25

/** Reads the curves of a page's charts, together where they ask together, and follows the runs that are live. */
export function useCurveLoader(options: { onNewKey?: () => void } = {}) {
  const waiting = new Map<string, { runId: string; window: CurveWindow; wanted: Wanted[] }>()
  const listeners = new Map<string, Map<string, Set<CurveListener>>>()
  const following = new Map<string, () => void>()
  const known = new Map<string, Set<string>>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  function flush(): void {
    timer = undefined
    const all = [...waiting.values()]
    waiting.clear()
    for (const { runId, window, wanted } of all)
      for (const portion of portionsOf(wanted)) void read(runId, window, portion)
  }

  async function read(runId: string, window: CurveWindow, wanted: Wanted[]): Promise<void> {
    try {
      const keys = JSON.stringify([...new Set(wanted.map(({ key }) => key))])
      const { number, series } = await call('tracking.chart', {
        params: { id: runId },
        query: { ...window, keys },
      })
      const byKey = new Map(series.map((one) => [one.key, one]))
      const seen = known.get(runId) ?? new Set()
      known.set(runId, seen)
      for (const { key, resolve } of wanted) {
        seen.add(key)
        resolve(byKey.get(key) ?? null)
      }
      if (!gone && listeners.get(runId)?.size) follow(runId, number)
    } catch (cause) {
      for (const { reject } of wanted) reject(cause)
    }
  }

  function load(runId: string, key: string, window: CurveWindow): Promise<Curve | null> {
    const group = `${runId} ${JSON.stringify(window)}`
    return new Promise((resolve, reject) => {
      const open = waiting.get(group) ?? { runId, window, wanted: [] }
      waiting.set(group, open)
      open.wanted.push({ key, resolve, reject })
      timer ??= setTimeout(flush, gatherMs)
    })
  }

  function follow(runId: string, after: number): void {
    if (following.has(runId)) return
    const stop = useSocket().watch('points', runId, {
      after,
      onMessages: (messages) => messages.forEach((message) => deliver(runId, message)),
    })
    following.set(runId, stop)
  }

  function deliver(runId: string, message: { series: PointsMessage[]; reset?: true }): void {
    const charts = listeners.get(runId)
    if (message.reset) {
      for (const set of charts?.values() ?? []) for (const listener of set) listener.reset()
      return
    }
    for (const points of message.series) {
      for (const listener of charts?.get(points.key) ?? []) listener.points(points)
    }
    if (message.series.some(({ key }) => !known.get(runId)?.has(key) && !charts?.has(key)))
      options.onNewKey?.()
    for (const { key } of message.series) known.get(runId)?.add(key)
  }

  /** Hears of a live run's points of one key, from the next `load` on. Gives a function that stops it. */
  function listen(runId: string, key: string, listener: CurveListener): () => void {
    const charts = listeners.get(runId) ?? new Map<string, Set<CurveListener>>()
    listeners.set(runId, charts)
    const set = charts.get(key) ?? new Set()
    charts.set(key, set.add(listener))
    return () => {
      set.delete(listener)
      if (set.size === 0) charts.delete(key)
      if (charts.size > 0) return
      following.get(runId)?.()
      following.delete(runId)
    }
  }

  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
    for (const stop of following.values()) stop()
  })

  return { load, listen }
}

export type CurveLoader = ReturnType<typeof useCurveLoader>

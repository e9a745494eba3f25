import { useQueryClient } from '@tanstack/vue-query'
import { useLocalStorage } from '@vueuse/core'
import { computed, type Ref } from 'vue'
import { type ApiError, asApiError, call } from '../../../app/api.ts'
import { ownKey } from '../../../app/own-draft.ts'
import type { Model } from '../../../app/pick/models.ts'
import { useToast } from '../../../ui/toast.ts'
import type { Comparison, ComparisonThread, Pane, Shared } from '../compare.api.ts'

export interface Setup {
  panes: Pane[]
  shared: Shared
}

export type Changes = Partial<Setup> & { title?: string }

const nothingShared: Shared = { parameters: {}, system: '', prompt: null }
export const emptyPane = (id: string, modelId: string | null): Pane => ({
  id,
  modelId,
  parameters: null,
  system: null,
  prompt: null,
})
/** Ids of panes that the server does not know yet. */
export const isNewPane = (id: string): boolean => id.startsWith('new')

/**
 * The panes of a comparison and what they share: kept with it, or in this browser until it begins. Changes are shown at
 * once and written one after the other, each with the version that the last one gave.
 */
export function useSetup(comparison: Ref<Comparison | undefined>, models: Ref<readonly Model[] | undefined>) {
  const queries = useQueryClient()
  const toast = useToast()
  const unsaved = useLocalStorage<Setup>(
    ownKey('anneal.compare.new'),
    { panes: [], shared: nothingShared },
    { listenToStorageChanges: false },
  )
  let writing: Promise<unknown> = Promise.resolve()
  let waiting = 0

  /** Two panes to begin with, each with another model where there are two. */
  const first = computed(() => {
    const callable = (models.value ?? []).filter((model) => model.health !== 'off')
    return [0, 1].map((at) => emptyPane(`new${at}`, (callable[at] ?? callable[0])?.id ?? null))
  })
  const setup = computed<Setup>(() => {
    if (comparison.value) return { panes: comparison.value.panes, shared: comparison.value.shared }
    const { panes, shared } = unsaved.value
    const known = new Set(models.value?.map((model) => model.id))
    const kept = panes.map((pane) => (known.has(pane.modelId ?? '') ? pane : { ...pane, modelId: null }))
    return { panes: kept.length > 0 ? kept : first.value, shared }
  })

  const show = (id: string, change: (now: Comparison) => Comparison): void => {
    queries.setQueryData<ComparisonThread>(['comparison', 'thread', id], (thread) =>
      thread ? { ...thread, comparison: change(thread.comparison) } : thread,
    )
  }

  async function write(id: string, change: Changes): Promise<ApiError | null> {
    const now = queries.getQueryData<ComparisonThread>(['comparison', 'thread', id])?.comparison
    const { panes, ...rest } = change
    const written = panes?.map(({ id: paneId, ...pane }) =>
      isNewPane(paneId) ? pane : { id: paneId, ...pane },
    )
    const body = { version: now?.version ?? 1, ...rest, ...(written ? { panes: written } : {}) }
    try {
      const updated = await call('compare.update', { params: { id }, body })
      /* What was changed since is shown already and written next. */
      show(id, (shown) => (waiting > 1 ? { ...shown, version: updated.version } : updated))
      return null
    } catch (cause) {
      await queries.invalidateQueries({ queryKey: ['comparison', 'thread', id] })
      return asApiError(cause)
    } finally {
      waiting -= 1
    }
  }

  /** Changes what the next prompt is asked with, or the name. Resolves when it is kept, with why where it is not. */
  function keepChange(next: Changes): Promise<ApiError | null> {
    const id = comparison.value?.id
    if (id === undefined) {
      unsaved.value = { panes: next.panes ?? setup.value.panes, shared: next.shared ?? setup.value.shared }
      return Promise.resolve(null)
    }
    show(id, (now) => ({ ...now, ...next }))
    waiting += 1
    const written = writing.then(() => write(id, next))
    writing = written
    return written
  }

  async function change(next: Changes): Promise<void> {
    const refused = await keepChange(next)
    if (refused) toast.show({ text: refused.title, tone: 'danger' })
  }

  return {
    panes: computed(() => setup.value.panes),
    shared: computed(() => setup.value.shared),
    change,
    keepChange,
    /** Resolves when every change so far is kept. */
    kept: async () => void (await writing),
  }
}

import type { Change } from '@anneal/contract'
import type { InfiniteData } from '@tanstack/vue-query'
import { queryClient } from '../../../app/query.ts'
import { useSocket } from '../../../app/socket.ts'
import type { Run, RunPage } from '../training.api.ts'

type Figures = Pick<
  Run,
  'step' | 'loss' | 'secondsLeft' | 'secondsPerStep' | 'tokensPerSecond' | 'learningRate' | 'epoch'
>
const names = [
  'step',
  'loss',
  'secondsLeft',
  'secondsPerStep',
  'tokensPerSecond',
  'learningRate',
  'epoch',
] as const satisfies readonly (keyof Figures)[]

/** The figures that a change brings, or null where it brings more than these. */
export function figuresOf(change: Change): Partial<Figures> | null {
  const { data } = change
  if (change.change !== 'updated' || typeof data?.['step'] !== 'number') return null
  return Object.fromEntries(names.flatMap((name) => (name in data ? [[name, data[name]]] : [])))
}

function known(id: string): Run | undefined {
  const one = queryClient.getQueryData<Run>(['training-run', 'one', id])
  if (one) return one
  for (const [, list] of queryClient.getQueriesData<InfiniteData<RunPage>>({
    queryKey: ['training-run', 'list'],
  })) {
    const found = list?.pages.flatMap((page) => page.items).find((run) => run.id === id)
    if (found) return found
  }
  return undefined
}

/** A step goes into what is shown; another state is read again, with its phases, causes and checkpoints. */
function take(change: Change): boolean {
  const figures = figuresOf(change)
  const run = known(change.id)
  if (!figures || !run || run.state !== change.data?.['state']) return false
  queryClient.setQueryData<Run>(['training-run', 'one', change.id], (one) => one && { ...one, ...figures })
  queryClient.setQueriesData<InfiniteData<RunPage>>({ queryKey: ['training-run', 'list'] }, (list) => {
    if (!list) return list
    const pages = list.pages.map((page) =>
      page.items.some((one) => one.id === change.id)
        ? { ...page, items: page.items.map((one) => (one.id === change.id ? { ...one, ...figures } : one)) }
        : page,
    )
    return { ...list, pages }
  })
  return true
}

let following = false

/** Once per page load: what is pushed of training runs is put into the cache. */
export function followRunChanges(): void {
  if (following) return
  following = true
  useSocket().onChange('training-run', take)
}

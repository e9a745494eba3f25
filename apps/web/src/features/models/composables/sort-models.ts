import type { Sort } from '../../../ui/data-table.ts'
import type { Model } from '../models.api.ts'

const figures: Record<string, (model: Model) => number | null> = {
  context: (model) => model.contextWindow,
  in: (model) => model.price?.inputMicros ?? null,
  out: (model) => model.price?.outputMicros ?? null,
}

/** Models in the order asked for; what has no figure comes last, whichever way. Failing ones first where none is asked for. */
export function sortModels(models: readonly Model[], sort: Sort | null): Model[] {
  if (!sort) return models.toSorted((a, b) => Number(b.health === 'failing') - Number(a.health === 'failing'))
  const way = sort.down ? -1 : 1
  const figure = figures[sort.key]
  if (!figure) return models.toSorted((a, b) => way * a.name.localeCompare(b.name))
  return models.toSorted((a, b) => {
    const [first, second] = [figure(a), figure(b)]
    if (first === null || second === null) return Number(first === null) - Number(second === null)
    return way * (first - second)
  })
}

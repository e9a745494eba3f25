import type { RouteReply } from '@anneal/contract'

type Health = RouteReply<'models.get'>['health']

const concern: Readonly<Record<Health, number>> = { failing: 0, slow: 1, ok: 2, unknown: 3, off: 4 }

/** What needs somebody first, then what is used; models that were never called, or are off, come last. */
export function byConcern<Model extends { health: Health }>(models: readonly Model[]): Model[] {
  return models.toSorted((one, other) => concern[one.health] - concern[other.health])
}

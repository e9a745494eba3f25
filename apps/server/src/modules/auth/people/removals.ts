import type { AccessKind } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'

type Remove = (ctx: Context, id: string) => Promise<unknown>

const removals = new Map<AccessKind, Remove>()

/** How a module puts away one of its resources: called for each that a deleted user owned. */
export function declareRemoval(kind: AccessKind, remove: Remove): void {
  removals.set(kind, remove)
}

export function removalOf(kind: AccessKind): Remove | undefined {
  return removals.get(kind)
}

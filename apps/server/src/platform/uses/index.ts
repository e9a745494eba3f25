import type { ResourceKind } from '@anneal/contract'
import type { Context } from '../context.ts'

/** What is asked after: a resource, and the versions it has by the ids of their rows. */
export interface UseTarget {
  id: string
  versions: ReadonlyMap<string, number>
}

export interface Uses {
  count: number
  /** Null: not pinned to a version. */
  versions: { version: number | null; count: number }[]
  /** The newest of the asker's own; everybody else's are only counted. */
  own: { id: string; title: string; at: number }[]
}

export interface UseLookUp {
  /** How often each is used; what is used nowhere may be absent. */
  count(ctx: Context, targets: readonly UseTarget[]): Promise<ReadonlyMap<string, number>>
  uses(ctx: Context, target: UseTarget): Promise<Uses>
}

const lookUps = new Map<ResourceKind, Map<string, UseLookUp>>()

/** A module that uses resources of a kind says where, under a name of its own. */
export function declareUses(kind: ResourceKind, by: string, lookUp: UseLookUp): void {
  const ofKind = lookUps.get(kind) ?? new Map<string, UseLookUp>()
  lookUps.set(kind, ofKind.set(by, lookUp))
}

const declared = (kind: ResourceKind) => [...(lookUps.get(kind) ?? [])]

export async function countUses(
  ctx: Context,
  kind: ResourceKind,
  targets: readonly UseTarget[],
): Promise<Map<string, { by: string; count: number }[]>> {
  const counted = await Promise.all(
    declared(kind).map(async ([by, lookUp]) => ({ by, counts: await lookUp.count(ctx, targets) })),
  )
  return new Map(
    targets.map(({ id }) => [id, counted.map(({ by, counts }) => ({ by, count: counts.get(id) ?? 0 }))]),
  )
}

export async function usesOf(
  ctx: Context,
  kind: ResourceKind,
  target: UseTarget,
): Promise<(Uses & { by: string })[]> {
  return Promise.all(
    declared(kind).map(async ([by, lookUp]) => ({ by, ...(await lookUp.uses(ctx, target)) })),
  )
}

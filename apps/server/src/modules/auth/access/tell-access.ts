import type { AccessKind, Visibility } from '@anneal/contract'
import type { EmittedChange, WriteTx } from '../../../platform/write.ts'
import type { GrantRow } from '../can.ts'

/** Who could or can see something: how it was, or is, shared. */
export interface Audience {
  ownerId: string
  visibility: Visibility
  grants: readonly Pick<GrantRow, 'subject_kind' | 'subject_id'>[]
}

const keyOf = (grant: Pick<GrantRow, 'subject_kind' | 'subject_id'>) =>
  `${grant.subject_kind} ${grant.subject_id}`

/**
 * Tells of a change of access both those who have it now and those who had it: they re-read, and find it there or
 * gone. Whoever follows it on an open connection is asked anew whether they may.
 */
export function tellAccess(
  tx: WriteTx,
  resource: { kind: AccessKind; id: string },
  before: Audience,
  after: Audience,
): void {
  const change = { kind: resource.kind, id: resource.id, change: 'updated' as const }
  tx.emit({ ...change, ownerId: after.ownerId, visibility: after.visibility })
  const lost = [...losers(before, after)]
  for (const loser of lost) tx.emit({ ...change, ...loser })
  tx.emit({
    kind: 'access',
    id: resource.id,
    change: 'updated',
    ownerId: after.ownerId,
    visibility: 'private',
    data: { kind: resource.kind, narrowed: lost.length > 0 },
  })
}

/** Those who saw it and perhaps do so no more, as a change names its hearers. */
function* losers(before: Audience, after: Audience): Iterable<Pick<EmittedChange, 'ownerId' | 'visibility'>> {
  if (before.visibility === 'everyone' && after.visibility !== 'everyone')
    yield { ownerId: null, visibility: 'everyone' }
  if (before.ownerId !== after.ownerId) yield { ownerId: before.ownerId, visibility: 'private' }
  if (before.visibility === 'private' || after.visibility === 'everyone') return
  // Grants that are gone or sleep now are found by nobody who is asked who may hear.
  const awake = new Set(after.visibility === 'groups' ? after.grants.map(keyOf) : [])
  for (const grant of before.grants)
    if (!awake.has(keyOf(grant)))
      yield {
        ownerId: grant.subject_id,
        visibility: grant.subject_kind === 'group' ? 'group' : 'private',
      }
}

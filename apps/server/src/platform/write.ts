import type { Change, Permission, Visibility } from '@anneal/contract'
import { auditRow, insertAudit } from './audit/index.ts'
import type { Context } from './context.ts'
import { type Tx, toJson } from './db/index.ts'
import { insertChange } from './events/index.ts'
import { newId } from './ids.ts'

export interface EmittedChange {
  kind: string
  id: string
  change: Change['change']
  ownerId: string | null
  /** `permission`: for whoever holds `permission`. `group`: for the members of the group that `ownerId` names. */
  visibility: Visibility | 'permission' | 'group'
  permission?: Permission
  data?: Record<string, unknown>
}

export interface WriteTx extends Tx {
  /** One row a verb: what was done, to what; never anything secret. */
  audit(action: string, target: { kind: string; id: string } | null, details?: Record<string, unknown>): void
  /** A change that readers are to hear of, once it is committed. */
  emit(change: EmittedChange): void
}

interface Audited {
  action: string
  target: { kind: string; id: string } | null
  details: Record<string, unknown>
}

/**
 * One transaction with its audit row and its changes inside. `work` may be run again after a deadlock, so it does
 * nothing but ask the database. It must audit, unless `unaudited` says why not.
 */
export function write<T>(
  ctx: Context,
  work: (tx: WriteTx) => Promise<T>,
  options: { unaudited?: string } = {},
): Promise<T> {
  return ctx.platform.db.transaction(async (tx) => {
    const audited: Audited[] = []
    const changes: EmittedChange[] = []
    const writeTx: WriteTx = {
      dialect: tx.dialect,
      all: (query, params) => tx.all(query, params),
      first: (query, params) => tx.first(query, params),
      dynamic: (build) => tx.dynamic(build),
      run: (query, params) => tx.run(query, params),
      runDynamic: (build) => tx.runDynamic(build),
      afterCommit: (later) => tx.afterCommit(later),
      audit: (action, target, details = {}) => audited.push({ action, target, details }),
      emit: (change) => changes.push(change),
    }
    const result = await work(writeTx)
    if (audited.length === 0 && options.unaudited === undefined) {
      throw new Error(`The write of ${ctx.route ?? ctx.requestId} left no audit row.`)
    }
    const now = ctx.platform.clock.now()
    for (const { action, target, details } of audited) {
      await tx.run(insertAudit, auditRow(ctx, { action, target, details, outcome: 'done', now }))
    }
    for (const change of changes) await tx.run(insertChange, outboxRow(change, now))
    if (changes.length > 0)
      tx.afterCommit(() => ctx.platform.events.committed(changes.map((change) => change.kind)))
    if (audited.length > 0) tx.afterCommit(() => ctx.platform.audit.committed())
    return result
  })
}

function outboxRow(change: EmittedChange, now: number) {
  return {
    id: newId(),
    kind: change.kind,
    resource_id: change.id,
    change_kind: change.change,
    owner_id: change.ownerId,
    visibility: change.visibility,
    permission: change.permission ?? null,
    data: change.data ? toJson(change.data) : null,
    created_at: now,
  }
}

import type { Context } from '../context.ts'
import { type Cursor, toPage } from '../cursor.ts'
import type { Db } from '../db/index.ts'
import { insertChange } from '../events/index.ts'
import { newId } from '../ids.ts'
import { Lease, advance, leaseByName } from '../lease/index.ts'
import type { Log } from '../log/index.ts'
import { type AuditFilter, auditActionsIn, auditActorsIn, auditCounts, auditPage } from './audit.queries.ts'
import { type AuditRow, insertAudit, seal, unsealed } from './audit.repo.ts'
import { auditRow } from './audit-row.ts'
import { type ChainCheck, hashOf, leaseName, verifyChain } from './chain.ts'

export interface AuditFacts {
  events: number
  refused: number
  actions: string[]
  actors: { id: string; name: string }[]
}

const sealEveryMs = 1000
const atOnce = 500

/**
 * Reads the audit, writes refusals, and seals: rows are numbered and chained by one lease holder within two seconds of
 * their commit, since a chain made while writing would put all writes in a row.
 */
export class Audit {
  private readonly db: Db
  private readonly log: Log
  private readonly holder: string
  private readonly lease: Lease
  private readonly announced: () => void
  private timer: NodeJS.Timeout | null = null
  private pending = true
  private working: Promise<void> | null = null

  constructor(db: Db, log: Log, holder: string, announced: () => void) {
    this.announced = announced
    this.db = db
    this.log = log
    this.holder = holder
    this.lease = new Lease(db, leaseName, holder)
  }

  async start(): Promise<void> {
    await this.lease.prepare()
    this.timer = setInterval(() => {
      /* Rows of other servers are looked for all the time, one's own only once there are some. */
      if (this.working || (!this.pending && this.db.dialect === 'sqlite')) return
      this.pending = false
      this.working = this.sealAll()
        .catch((error: unknown) => {
          this.pending = true
          this.log.warn('audit rows could not be sealed; trying again', { error })
        })
        .finally(() => (this.working = null))
    }, sealEveryMs)
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer)
    await this.working
    await this.sealAll().catch(() => undefined)
    await this.lease.release().catch(() => undefined)
  }

  committed(): void {
    this.pending = true
  }

  /** A refusal of someone signed in, in a transaction of its own. */
  async refused(
    ctx: Context,
    action: string,
    target: { kind: string; id: string } | null,
    code: string,
  ): Promise<void> {
    const facts = { action, target, details: { code }, outcome: 'refused' as const, now: Date.now() }
    const row = auditRow(ctx, facts)
    await this.db.transaction((tx) => tx.run(insertAudit, row))
    this.committed()
  }

  /** Newest first, below a cursor. */
  async list<T>(filter: AuditFilter, below: Cursor, limit: number, present: (row: AuditRow) => T) {
    const rows = await auditPage(this.db.slow, filter, below, limit + 1)
    return toPage(rows, limit, (row) => ({ at: Number(row.at), id: row.id }), present)
  }

  /** How many events a filter holds, and by what those of its span of time can be told apart. */
  async facts(filter: AuditFilter): Promise<AuditFacts> {
    const [counts, actions, actors] = await Promise.all([
      auditCounts(this.db.slow, filter),
      auditActionsIn(this.db.slow, filter),
      auditActorsIn(this.db.slow, filter),
    ])
    const count = (outcome: string) => Number(counts.find((one) => one.outcome === outcome)?.events ?? 0)
    return {
      events: count('done') + count('refused'),
      refused: count('refused'),
      actions: actions.map((row) => row.action),
      actors: actors.map((row) => ({ id: row.actor_id, name: row.actor_name ?? row.actor_id })),
    }
  }

  /** Checks the chain from its first event. */
  verify(): Promise<ChainCheck> {
    return verifyChain(this.db.slow)
  }

  /** Tells open pages of the audit, once a seal, that there is more. */
  private change() {
    return {
      id: newId(),
      kind: 'audit',
      resource_id: 'audit',
      change_kind: 'updated',
      owner_id: null,
      visibility: 'permission',
      permission: 'audit.read',
      data: null,
      created_at: Date.now(),
    }
  }

  private async sealAll(): Promise<void> {
    while (await this.sealSome());
  }

  /** True where there may be more. */
  private async sealSome(): Promise<boolean> {
    if (!(await this.lease.hold())) return false
    return this.db.transaction(async (tx) => {
      const rows = await tx.all(unsealed, { limit: atOnce })
      if (rows.length === 0) return false
      const lease = await tx.first(leaseByName, { name: leaseName })
      let number = lease?.counter ?? 0
      let head = lease?.head ?? ''
      const from = number
      const sealed = rows.map((row) => {
        number += 1
        head = hashOf(head, number, row)
        return { id: row.id, number, hash: head }
      })
      const { changes } = await tx.run(advance, {
        name: leaseName,
        holder: this.holder,
        from,
        to: number,
        head,
      })
      if (changes === 0) return false
      for (const one of sealed) await tx.run(seal, one)
      await tx.run(insertChange, this.change())
      tx.afterCommit(() => this.announced())
      return rows.length === atOnce
    })
  }
}

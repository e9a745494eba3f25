import type { Context } from '../context.ts'
import { type Cursor, toPage } from '../cursor.ts'
import type { Db } from '../db/index.ts'
import { Lease, advance, leaseByName } from '../lease/index.ts'
import type { Log } from '../log/index.ts'
import { type AuditRow, auditBelow, insertAudit, seal, unsealed } from './audit.repo.ts'
import { auditRow } from './audit-row.ts'
import { hashOf, leaseName } from './chain.ts'

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
  private timer: NodeJS.Timeout | null = null
  private pending = true
  private working: Promise<void> | null = null

  constructor(db: Db, log: Log, holder: string) {
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
  async list<T>(below: Cursor, limit: number, present: (row: AuditRow) => T) {
    const rows = await this.db.read.all(auditBelow, { ...below, limit: limit + 1 })
    return toPage(rows, limit, (row) => ({ at: Number(row.at), id: row.id }), present)
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
      return rows.length === atOnce
    })
  }
}

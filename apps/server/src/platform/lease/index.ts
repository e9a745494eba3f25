import { type Db, UniqueViolation } from '../db/index.ts'
import { dropLease, insertLease, leaseByName, seizeLease, takeLease } from './lease.repo.ts'

export { advance, leaseByName, leaseMigrations } from './lease.repo.ts'

const leaseMs = 3000

/** Work that one server does for all: whoever holds the lease. One that dies is followed once its lease has run out. */
export class Lease {
  private readonly db: Db
  private readonly name: string
  private readonly holder: string
  private heldUntil = 0

  constructor(db: Db, name: string, holder: string) {
    this.db = db
    this.name = name
    this.holder = holder
  }

  async prepare(): Promise<void> {
    if (await this.db.read.first(leaseByName, { name: this.name })) return
    try {
      await this.db.transaction((tx) => tx.run(insertLease, { name: this.name }))
    } catch (error) {
      if (!(error instanceof UniqueViolation)) throw error
    }
  }

  /** Whether this server holds it, taking or renewing it where that is due. */
  async hold(): Promise<boolean> {
    const now = performance.now()
    if (now < this.heldUntil - leaseMs / 2) return true
    /* A file has one server, by its lock: what a killed one still seems to hold is nobody's. */
    const take = this.db.dialect === 'sqlite' ? seizeLease : takeLease
    const { changes } = await this.db.transaction((tx) =>
      tx.run(take, { name: this.name, holder: this.holder, ms: leaseMs }),
    )
    this.heldUntil = changes > 0 ? now + leaseMs : 0
    return changes > 0
  }

  async release(): Promise<void> {
    this.heldUntil = 0
    await this.db.transaction((tx) => tx.run(dropLease, { name: this.name, holder: this.holder }))
  }
}

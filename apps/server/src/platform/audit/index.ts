import type { Db } from '../db/index.ts'
import type { Log } from '../log/index.ts'
import { Audit } from './audit.ts'

export { auditMigrations, insertAudit } from './audit.repo.ts'
export type { AuditRow } from './audit.repo.ts'
export { auditRow } from './audit-row.ts'
export type AuditReader = Audit
export { verifyChain } from './chain.ts'
export type { ChainCheck } from './chain.ts'

/** Nothing is sealed before `start`. */
export function createAudit(options: { db: Db; log: Log; holder: string }): Audit {
  return new Audit(options.db, options.log, options.holder)
}

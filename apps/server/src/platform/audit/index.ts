import type { Db } from '../db/index.ts'
import type { Log } from '../log/index.ts'
import { Audit } from './audit.ts'

export { auditMigrations, insertAudit } from './audit.repo.ts'
export type { AuditFilter } from './audit.queries.ts'
export type { AuditRow } from './audit.repo.ts'
export { auditRow } from './audit-row.ts'
export type AuditReader = Audit
export { verifyChain } from './chain.ts'
export type { ChainCheck } from './chain.ts'

/** Nothing is sealed before `start`. `announced` is called once a seal's change is committed. */
export function createAudit(options: { db: Db; log: Log; holder: string; announced?: () => void }): Audit {
  return new Audit(options.db, options.log, options.holder, options.announced ?? (() => {}))
}

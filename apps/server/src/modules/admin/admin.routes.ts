import { handlers } from '../../platform/http/index.ts'
import { changeSettings } from './change-settings.ts'
import { exportAudit } from './export-audit.ts'
import { auditFacts, readAudit } from './read-audit.ts'
import { readInstance, readSettings } from './read-settings.ts'
import { verifyAudit } from './verify-audit.ts'

export const adminHandlers = handlers('admin', {
  'admin.audit': (ctx, { query }) => readAudit(ctx, query),
  'admin.auditFacts': (ctx, { query }) => auditFacts(ctx, query),
  'admin.exportAudit': (ctx, { query }) => exportAudit(ctx, query),
  'admin.verifyAudit': (ctx) => verifyAudit(ctx),
  'admin.settings': (ctx) => readSettings(ctx),
  'admin.changeSettings': (ctx, { body }) => changeSettings(ctx, body),
  'admin.instance': (ctx) => readInstance(ctx),
})

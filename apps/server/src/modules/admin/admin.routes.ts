import { handlers } from '../../platform/http/index.ts'
import { readAudit } from './read-audit.ts'

export const adminHandlers = handlers('admin', {
  'admin.audit': (ctx, { query }) => readAudit(ctx, query),
})

import { handlers } from '../../platform/http/index.ts'
import { exportUsage } from './export-usage.ts'
import { reportMine, reportUsage } from './report-usage.ts'

export const usageHandlers = handlers('usage', {
  'usage.report': (ctx, { query }) => reportUsage(ctx, query),
  'usage.mine': (ctx, { query }) => reportMine(ctx, query),
  'usage.export': (ctx, { query }) => exportUsage(ctx, query),
})

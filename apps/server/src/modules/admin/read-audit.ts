import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { decodeCursor } from '../../platform/cursor.ts'
import { auditFilter, presentEntry } from './audit-filter.ts'

/** Who did what and when, newest first, refusals among it. */
export function readAudit(
  ctx: Context,
  query: RouteHandlerInput<'admin.audit'>['query'],
): Promise<RouteReply<'admin.audit'>> {
  const { cursor, limit, ...asked } = query
  return ctx.platform.audit.list(auditFilter(asked), decodeCursor(cursor), limit, presentEntry)
}

/** How many events a filter holds, and what those of its span of time can be filtered by. */
export function auditFacts(
  ctx: Context,
  query: RouteHandlerInput<'admin.auditFacts'>['query'],
): Promise<RouteReply<'admin.auditFacts'>> {
  return ctx.platform.audit.facts(auditFilter(query))
}

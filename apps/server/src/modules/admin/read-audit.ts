import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { AuditRow } from '../../platform/audit/index.ts'
import type { Context } from '../../platform/context.ts'
import { decodeCursor } from '../../platform/cursor.ts'
import { fromJson } from '../../platform/db/index.ts'

type AuditEntry = RouteReply<'admin.audit'>['items'][number]

function present(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    at: new Date(Number(row.at)).toISOString(),
    actorKind: row.actor_kind as AuditEntry['actorKind'],
    actorId: row.actor_id,
    actorName: row.actor_name,
    action: row.action,
    outcome: row.outcome as AuditEntry['outcome'],
    targetKind: row.target_kind,
    targetId: row.target_id,
    details: fromJson(row.details),
    address: row.address,
    requestId: row.request_id,
  }
}

/** Who did what and when, newest first, refusals among it. */
export function readAudit(
  ctx: Context,
  query: RouteHandlerInput<'admin.audit'>['query'],
): Promise<RouteReply<'admin.audit'>> {
  return ctx.platform.audit.list(decodeCursor(query.cursor), query.limit, present)
}

import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { AuditFilter, AuditRow } from '../../platform/audit/index.ts'
import { fromJson } from '../../platform/db/index.ts'

export type AuditEntry = RouteReply<'admin.audit'>['items'][number]
type Asked = RouteHandlerInput<'admin.auditFacts'>['query']

const ms = (time: string | undefined) => (time === undefined ? undefined : Date.parse(time))

export function auditFilter(asked: Asked): AuditFilter {
  return { ...asked, from: ms(asked.from), to: ms(asked.to) }
}

export function presentEntry(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    at: new Date(Number(row.at)).toISOString(),
    actorKind: row.actor_kind as AuditEntry['actorKind'],
    actorId: row.actor_id,
    actorName: row.actor_name,
    credentialId: row.credential_id,
    action: row.action,
    outcome: row.outcome as AuditEntry['outcome'],
    targetKind: row.target_kind,
    targetId: row.target_id,
    details: fromJson(row.details),
    address: row.address,
    requestId: row.request_id,
    route: row.route,
    number: row.number === null ? null : Number(row.number),
    hash: row.hash,
  }
}

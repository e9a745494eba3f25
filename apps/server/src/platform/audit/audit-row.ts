import type { Context } from '../context.ts'
import { toJson } from '../db/index.ts'
import { newId } from '../ids.ts'
import type { AuditRow } from './audit.repo.ts'

export interface AuditFacts {
  action: string
  outcome: 'done' | 'refused'
  target: { kind: string; id: string } | null
  details: Record<string, unknown>
  now: number
}

/** Who did what to what, when, from where. */
export function auditRow(ctx: Context, facts: AuditFacts): Omit<AuditRow, 'number' | 'hash'> {
  return {
    id: newId(),
    at: facts.now,
    ...actorColumns(ctx),
    action: facts.action,
    outcome: facts.outcome,
    target_kind: facts.target?.kind ?? null,
    target_id: facts.target?.id ?? null,
    details: toJson(facts.details),
    address: ctx.address?.slice(0, 64) ?? null,
    request_id: ctx.requestId.slice(0, 100),
    route: ctx.route,
  }
}

function actorColumns({ actor }: Context) {
  if (actor.kind === 'user') {
    return {
      actor_kind: 'user',
      actor_id: actor.userId,
      actor_name: actor.name,
      credential_id: actor.sessionId.slice(0, 36),
    }
  }
  if (actor.kind === 'key') {
    const kind = actor.trainingRunId === null ? 'key' : 'worker'
    return { actor_kind: kind, actor_id: actor.userId, actor_name: actor.name, credential_id: actor.keyId }
  }
  if (actor.kind === 'system') {
    return { actor_kind: 'system', actor_id: null, actor_name: actor.name, credential_id: null }
  }
  return { actor_kind: 'nobody', actor_id: null, actor_name: null, credential_id: null }
}

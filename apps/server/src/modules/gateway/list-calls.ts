import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { decodeCursor, toPage } from '../../platform/cursor.ts'
import { actorUserId, keysByIds, usersByIds } from '../auth/index.ts'
import { lastCalls } from '../usage/index.ts'

type Call = RouteReply<'gateway.calls'>['items'][number]
type CallRow = Awaited<ReturnType<typeof lastCalls>>[number]

const known = (ids: readonly (string | null)[]): string[] => [
  ...new Set(ids.filter((id): id is string => id !== null)),
]

function presentCall(
  row: CallRow,
  users: ReadonlyMap<string, { name: string }>,
  keys: ReadonlyMap<string, { name: string; ending: string }>,
): Call {
  const key = keys.get(row.key_id ?? '')
  return {
    id: row.id,
    startedAt: new Date(row.started_at).toISOString(),
    modelId: row.model_id,
    modelName: row.model_name,
    userId: row.user_id,
    userName: users.get(row.user_id ?? '')?.name ?? '',
    keyId: row.key_id,
    keyName: key?.name ?? null,
    keyEnding: key?.ending ?? null,
    state: row.outcome as Call['state'],
    errorCode: row.error_code,
    inputTokens: row.input_tokens,
    cachedInputTokens: row.cached_input_tokens,
    reasoningTokens: row.reasoning_tokens,
    outputTokens: row.output_tokens,
    costMicros: row.cost_micros,
    currency: row.currency,
    firstTokenMs: row.first_token_ms,
    durationMs: row.duration_ms,
  }
}

/** The last calls by the gateway: one's own, or everyone's for those who may read usage. */
export async function listCalls(
  ctx: Context,
  query: RouteHandlerInput<'gateway.calls'>['query'],
): Promise<RouteReply<'gateway.calls'>> {
  const { read, slow } = ctx.platform.db
  const { actor } = ctx
  const seesAll = 'permissions' in actor && actor.permissions.has('usage.read')
  const rows = await lastCalls(slow, {
    via: 'gateway',
    beforeId: decodeCursor(query.cursor).id,
    limit: query.limit + 1,
    userId: seesAll && query.whose === 'all' ? undefined : actorUserId(actor),
    keyId: query.key,
    modelId: query.model,
    outcome: query.state,
  })
  const users = await usersByIds(read, known(rows.map((row) => row.user_id)))
  const keys = await keysByIds(read, known(rows.map((row) => row.key_id)))
  return toPage(
    rows,
    query.limit,
    (row) => ({ at: row.started_at, id: row.id }),
    (row) => presentCall(row, users, keys),
  )
}

import type { Reader } from '../../platform/db/index.ts'
import type { CallVia, ModelCall } from './record-call.ts'
import type { ModelCallRow, UsageTables } from './usage.repo.ts'

export interface LastCallsFilter {
  via: CallVia
  /** Ids sort by the time of the call's beginning. */
  beforeId: string
  limit: number
  userId?: string | undefined
  keyId?: string | undefined
  modelId?: string | undefined
  outcome?: ModelCall['outcome'] | undefined
}

/** Calls by one way in, newest first. */
export function lastCalls(reader: Reader, filter: LastCallsFilter): Promise<ModelCallRow[]> {
  const { userId, keyId, modelId, outcome } = filter
  return reader.dynamic<UsageTables, ModelCallRow>((k) => {
    let query = k
      .selectFrom('model_call')
      .selectAll()
      .where('via', '=', filter.via)
      .where('id', '<', filter.beforeId)
    if (userId !== undefined) query = query.where('user_id', '=', userId)
    if (keyId !== undefined) query = query.where('key_id', '=', keyId)
    if (modelId !== undefined) query = query.where('model_id', '=', modelId)
    if (outcome !== undefined) query = query.where('outcome', '=', outcome)
    return query.orderBy('id', 'desc').limit(filter.limit)
  })
}

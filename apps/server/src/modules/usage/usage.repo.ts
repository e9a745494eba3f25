import { defineQuery, upsert } from '../../platform/db/index.ts'

export interface ModelCallRow {
  id: string
  user_id: string | null
  key_id: string | null
  model_id: string | null
  connection_id: string | null
  model_name: string
  via: string
  outcome: string
  error_code: string | null
  input_tokens: number | null
  cached_input_tokens: number | null
  reasoning_tokens: number | null
  output_tokens: number | null
  first_token_ms: number | null
  duration_ms: number | null
  cost_micros: number | null
  currency: string | null
  started_at: number
  /** When the row was written. */
  recorded_at: number
  /** The version of a prompt that its system message was made from. */
  prompt_version_id: string | null
}

export interface UsageTables {
  model_call: ModelCallRow
}

const query = defineQuery<UsageTables>()

/** A call that is there already stays as it is: a commit whose answer was lost is written again. */
export const insertCall = query<ModelCallRow, unknown>((k, p, dialect) =>
  upsert(
    dialect,
    k,
    'model_call',
    {
      id: p.id,
      user_id: p.user_id,
      key_id: p.key_id,
      model_id: p.model_id,
      connection_id: p.connection_id,
      model_name: p.model_name,
      via: p.via,
      outcome: p.outcome,
      error_code: p.error_code,
      input_tokens: p.input_tokens,
      cached_input_tokens: p.cached_input_tokens,
      reasoning_tokens: p.reasoning_tokens,
      output_tokens: p.output_tokens,
      first_token_ms: p.first_token_ms,
      duration_ms: p.duration_ms,
      cost_micros: p.cost_micros,
      currency: p.currency,
      started_at: p.started_at,
      recorded_at: p.recorded_at,
      prompt_version_id: p.prompt_version_id,
    },
    ['id'],
    [],
  ),
)

export type TimedCall = Pick<
  ModelCallRow,
  'model_id' | 'outcome' | 'output_tokens' | 'first_token_ms' | 'duration_ms' | 'started_at'
>

/** The newest calls of a span. */
export const callsSince = query<{ started_at: number; limit: number }, TimedCall>((k, p) =>
  k
    .selectFrom('model_call')
    .select(['model_id', 'outcome', 'output_tokens', 'first_token_ms', 'duration_ms', 'started_at'])
    .where('started_at', '>=', p.started_at)
    .orderBy('started_at', 'desc')
    .limit(p.limit),
)

export interface CallCount {
  model_id: string
  calls: number | string
  failed: number | string
}

/** How many calls each model had since a time, and how many of them failed. */
export const callCountsSince = query<{ started_at: number }, CallCount>((k, p) =>
  k
    .selectFrom('model_call')
    .select((eb) => [
      'model_id',
      eb.fn.countAll<number>().as('calls'),
      eb.fn.sum<number>(eb.case().when('outcome', '=', 'failed').then(1).else(0).end()).as('failed'),
    ])
    .where('started_at', '>=', p.started_at)
    .where('model_id', 'is not', null)
    .groupBy('model_id')
    .$castTo<CallCount>(),
)

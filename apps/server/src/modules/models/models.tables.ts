import type { Visibility } from '@anneal/contract'

interface ResourceRow {
  id: string
  owner_id: string
  visibility: Visibility
  version: number
  created_at: number
  updated_at: number
  deleted_at: number | null
}

export interface ConnectionRow extends ResourceRow {
  name: string
  name_key: string
  provider: string
  base_url: string
  dialect: string | null
  api_key: string | null
  key_ending: string | null
  deployment_id: string | null
  node_id: string | null
}

export interface ModelRow extends ResourceRow {
  name: string
  name_key: string
  connection_id: string
  provider_model: string
  kind: string
  is_disabled: number
  context_window: number | null
  max_output: number | null
  /** JSON; null where nothing was ever said. */
  capabilities: string | null
  /** JSON. */
  price: string | null
  reasoning_profile: string
  parameters: string
  deployment_id: string | null
  is_off: number
  last_ok_at: number | null
  last_error: string | null
  last_error_at: number | null
  first_token_ms: number | null
  tokens_per_second: number | null
}

export type ModelWithConnection = ModelRow & { connection_name: string; provider: string }

export interface FailureRow {
  id: string
  model_id: string
  connection_id: string
  code: string
  params: string
  failed_at: number
}

export interface PullRow {
  id: string
  connection_id: string
  name: string
  live_key: string | null
  job_id: string | null
  owner_id: string
  state: string
  phase: string | null
  completed_bytes: number | null
  total_bytes: number | null
  error: string | null
  created_at: number
  ended_at: number | null
}

export interface ModelTables {
  connection: ConnectionRow
  model: ModelRow
  model_failure: FailureRow
  model_pull: PullRow
}

/** A place in a list that is read newest first. */
export type Below = { at: number; id: string; limit: number }

export type Deletion = { id: string; name_key: string; deleted_at: number | null; updated_at: number }

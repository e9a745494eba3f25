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
  context_window: number | null
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

export interface ModelTables {
  connection: ConnectionRow
  model: ModelRow
}

/** A place in a list that is read newest first. */
export type Below = { at: number; id: string; limit: number }

export type Deletion = { id: string; name_key: string; deleted_at: number | null; updated_at: number }

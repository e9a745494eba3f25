import type { Visibility } from '@anneal/contract'
import type { SearchTokenRow } from '../../platform/search/index.ts'

export interface PromptRow {
  id: string
  owner_id: string
  visibility: Visibility
  version: number
  created_at: number
  updated_at: number
  deleted_at: number | null
  name: string
  name_key: string
  description: string
  folder: string | null
  newest: number
}

export interface VersionRow {
  id: string
  prompt_id: string
  number: number
  text: string
  variables: string
  message: string
  author_id: string
  created_at: number
  archived_at: number | null
}

export interface LabelRow {
  prompt_id: string
  label: string
  number: number
  moved_at: number
}

export interface LabelMoveRow {
  id: string
  prompt_id: string
  label: string
  from_number: number | null
  to_number: number
  reason: string
  moved_by: string
  created_at: number
}

export interface PromptTables {
  prompt: PromptRow
  prompt_version: VersionRow
  prompt_label: LabelRow
  prompt_label_move: LabelMoveRow
  search_token: SearchTokenRow
}

import type { Visibility } from '@anneal/contract'
import type { RouteReply } from '@anneal/contract'
import type { GenerationRow } from '../generations/index.ts'

export type ComparisonView = RouteReply<'compare.create'>
export type TurnView = RouteReply<'compare.send'>
export type AnswerView = TurnView['answers'][number]
export type Pane = ComparisonView['panes'][number]
export type Shared = ComparisonView['shared']

export interface ComparisonRow {
  id: string
  owner_id: string
  visibility: Visibility
  version: number
  created_at: number
  updated_at: number
  deleted_at: number | null
  title: string
  shared: string
  panes: string
  used_at: number
}

export interface TurnRow {
  id: string
  comparison_id: string
  text: string
  created_at: number
}

export interface AnswerRow {
  id: string
  comparison_id: string
  turn_id: string
  pane_id: string
  model_id: string | null
  model_name: string
  generation_id: string | null
  error: string | null
  created_at: number
  chosen_at: number
}

export interface VoteRow {
  id: string
  comparison_id: string
  turn_id: string
  voter_id: string
  choice: string
  pane_id: string | null
  answer_ids: string
  voted_at: number
}

export interface CompareTables {
  comparison: ComparisonRow
  comparison_turn: TurnRow
  comparison_answer: AnswerRow
  comparison_vote: VoteRow
  generation: GenerationRow
  search_token: { kind: string; owner_id: string; resource_id: string; token: string }
}

type GenerationColumns = {
  [
    K in
      | 'state'
      | 'seq'
      | 'parts'
      | 'meter'
      | 'warnings'
      | 'finish_reason'
      | 'error'
      | 'prompt_version_id' as `g_${K}`
  ]: GenerationRow[K] | null
}
/** An answer with what its generation says of it. */
export type AnswerWithGeneration = AnswerRow & GenerationColumns

export type ComparisonSummaryRow = Pick<ComparisonRow, 'id' | 'title' | 'panes' | 'used_at'> & {
  /** How many panes are answering. */
  live: number | null
}

import type { Platform } from '../../platform/context.ts'
import { type StoredPart, liveGeneration, meterOf } from '../generations/index.ts'
import type {
  AnswerView,
  AnswerWithGeneration,
  ComparisonRow,
  ComparisonSummaryRow,
  ComparisonView,
  TurnRow,
  TurnView,
  VoteRow,
} from './compare.tables.ts'
import { panesOf, sharedOf } from './load.ts'
import type { UsedPrompt } from '../prompts/index.ts'

const time = (ms: number): string => new Date(ms).toISOString()

export function presentComparison(row: ComparisonRow): ComparisonView {
  return {
    id: row.id,
    ownerId: row.owner_id,
    visibility: row.visibility,
    version: row.version,
    title: row.title,
    shared: sharedOf(row),
    panes: panesOf(row),
    createdAt: time(row.created_at),
    updatedAt: time(row.updated_at),
  }
}

export function presentSummary(row: ComparisonSummaryRow, modelNames: ReadonlyMap<string, string>) {
  return {
    id: row.id,
    title: row.title,
    models: panesOf(row).map(({ modelId }) => (modelId === null ? null : (modelNames.get(modelId) ?? null))),
    updatedAt: time(row.used_at),
    live: Number(row.live ?? 0) > 0,
  }
}

/** What answers are shown with: the server's memory, and what the versions of prompts are called. */
export interface Shown {
  platform: Platform
  prompts: ReadonlyMap<string, UsedPrompt>
}

/** An answer as it stands: from memory while it is in the making, else as it was stored. */
function presentAnswer({ platform, prompts }: Shown, row: AnswerWithGeneration, chosen: boolean): AnswerView {
  const running = row.generation_id !== null && row.g_state === 'running'
  const live = running && row.generation_id ? liveGeneration(platform, row.generation_id) : null
  const error = row.error ?? row.g_error
  return {
    id: row.id,
    paneId: row.pane_id,
    chosen,
    generationId: row.generation_id,
    modelId: row.model_id,
    modelName: row.model_name,
    prompt: prompts.get(row.g_prompt_version_id ?? '') ?? null,
    state: (row.g_state ?? 'failed') as AnswerView['state'],
    parts: live?.parts ?? (JSON.parse(row.g_parts ?? '[]') as StoredPart[]),
    seq: live?.seq ?? row.g_seq ?? 0,
    meter: live?.meter ?? meterOf(row.g_meter),
    finishReason: row.g_finish_reason,
    error: error === null ? null : (JSON.parse(error) as AnswerView['error']),
    warnings: JSON.parse(row.g_warnings ?? '[]') as AnswerView['warnings'],
    createdAt: time(row.created_at),
  }
}

/** Of each pane's tries the one that was chosen last. */
export function chosenOf<Row extends { id: string; pane_id: string; chosen_at: number }>(
  tries: readonly Row[],
): Map<string, Row> {
  const chosen = new Map<string, Row>()
  for (const row of tries) {
    const best = chosen.get(row.pane_id)
    const later = best && (row.chosen_at - best.chosen_at || (row.id > best.id ? 1 : -1)) > 0
    if (!best || later) chosen.set(row.pane_id, row)
  }
  return chosen
}

export function presentTurn(
  shown: Shown,
  turn: TurnRow,
  answers: readonly AnswerWithGeneration[],
  vote: VoteRow | undefined,
): TurnView {
  const chosen = chosenOf(answers)
  return {
    id: turn.id,
    text: turn.text,
    createdAt: time(turn.created_at),
    answers: answers.map((row) => presentAnswer(shown, row, chosen.get(row.pane_id) === row)),
    vote: vote
      ? {
          choice: vote.choice as NonNullable<TurnView['vote']>['choice'],
          paneId: vote.pane_id,
          votedAt: time(vote.voted_at),
        }
      : null,
  }
}

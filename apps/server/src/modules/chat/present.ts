import type { RouteReply } from '@anneal/contract'
import type { Platform } from '../../platform/context.ts'
import { liveGeneration, meterOf, type StoredPart } from '../generations/index.ts'
import type { UsedPrompt } from '../prompts/index.ts'
import type { ConversationRow, ConversationSummaryRow, MessageWithAnswer } from './chat.repo.ts'
import { promptChoiceOf } from './prompt-choice.ts'

export type ConversationView = RouteReply<'chat.createConversation'>
export type MessageView = RouteReply<'chat.retry'>
type Answer = NonNullable<MessageView['answer']>

const time = (ms: number): string => new Date(ms).toISOString()

export function presentConversation(row: ConversationRow): ConversationView {
  return {
    id: row.id,
    ownerId: row.owner_id,
    visibility: row.visibility,
    version: row.version,
    title: row.title,
    modelId: row.model_id,
    systemPrompt: row.system_prompt,
    prompt: promptChoiceOf(row),
    parameters: JSON.parse(row.parameters) as ConversationView['parameters'],
    createdAt: time(row.created_at),
    updatedAt: time(row.updated_at),
  }
}

export function presentSummary(row: ConversationSummaryRow, modelNames: ReadonlyMap<string, string>) {
  return {
    id: row.id,
    title: row.title,
    modelId: row.model_id,
    modelName: row.model_id === null ? null : (modelNames.get(row.model_id) ?? null),
    updatedAt: time(row.used_at),
    live: row.live_generation_id !== null,
  }
}

/** A message with its answer as it stands: from memory while it is in the making, else as it was stored. */
export function presentMessage(
  platform: Platform,
  row: MessageWithAnswer,
  prompts: ReadonlyMap<string, UsedPrompt>,
): MessageView {
  const message = {
    id: row.id,
    parentId: row.parent_id,
    role: row.role as MessageView['role'],
    createdAt: time(row.created_at),
  }
  if (row.generation_id === null || !row.g_state) {
    return { ...message, parts: [{ type: 'text', text: row.text ?? '' }], answer: null }
  }
  const live = row.g_state === 'running' ? liveGeneration(platform, row.generation_id) : null
  const answer: Answer = {
    generationId: row.generation_id,
    state: row.g_state as Answer['state'],
    seq: live?.seq ?? row.g_seq ?? 0,
    modelId: row.g_model_id ?? null,
    modelName: row.g_model_name ?? '',
    prompt: prompts.get(row.g_prompt_version_id ?? '') ?? null,
    meter: live?.meter ?? meterOf(row.g_meter),
    finishReason: row.g_finish_reason ?? null,
    error: row.g_error ? (JSON.parse(row.g_error) as Answer['error']) : null,
    warnings: JSON.parse(row.g_warnings ?? '[]') as Answer['warnings'],
  }
  const stored = row.g_parts ? (JSON.parse(row.g_parts) as StoredPart[]) : []
  return { ...message, parts: live?.parts ?? stored, answer }
}

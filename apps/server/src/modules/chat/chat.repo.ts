import type { Visibility } from '@anneal/contract'
import { type Reader, defineQuery } from '../../platform/db/index.ts'
import type { GenerationRow } from '../generations/index.ts'

export interface ConversationRow {
  id: string
  owner_id: string
  visibility: Visibility
  version: number
  created_at: number
  updated_at: number
  deleted_at: number | null
  title: string
  model_id: string | null
  system_prompt: string
  /** A prompt in its place. */
  prompt_id: string | null
  prompt_version: number | null
  prompt_variables: string | null
  parameters: string
  live_generation_id: string | null
  used_at: number
}

export interface MessageRow {
  id: string
  conversation_id: string
  parent_id: string | null
  role: string
  text: string | null
  generation_id: string | null
  created_at: number
}

interface ChatTables {
  conversation: ConversationRow
  message: MessageRow
  generation: GenerationRow
  search_token: { kind: string; resource_id: string; token: string }
}

const query = defineQuery<ChatTables>()

export type ConversationSummaryRow = Pick<
  ConversationRow,
  'id' | 'title' | 'model_id' | 'used_at' | 'live_generation_id'
>
const summaryColumns = ['id', 'title', 'model_id', 'used_at', 'live_generation_id'] as const

/** Own conversations below a cursor, the last used first. */
export const listOwn = query<
  { owner_id: string; at: number; id: string; limit: number },
  ConversationSummaryRow
>((k, p) =>
  k
    .selectFrom('conversation')
    .select(summaryColumns)
    .where('owner_id', '=', p.owner_id)
    .where('deleted_at', 'is', null)
    .where('used_at', '<=', p.at)
    .where((eb) => eb.or([eb('used_at', '<', p.at), eb('id', '<', p.id)]))
    .orderBy('used_at', 'desc')
    .orderBy('id', 'desc')
    .limit(p.limit),
)

export const conversationById = query<{ id: string }, ConversationRow>((k, p) =>
  k.selectFrom('conversation').selectAll().where('id', '=', p.id),
)

export const insertConversation = query<ConversationRow, unknown>((k, p) =>
  k.insertInto('conversation').values({
    id: p.id,
    owner_id: p.owner_id,
    visibility: p.visibility,
    version: p.version,
    created_at: p.created_at,
    updated_at: p.updated_at,
    deleted_at: p.deleted_at,
    title: p.title,
    model_id: p.model_id,
    system_prompt: p.system_prompt,
    prompt_id: p.prompt_id,
    prompt_version: p.prompt_version,
    prompt_variables: p.prompt_variables,
    parameters: p.parameters,
    live_generation_id: p.live_generation_id,
    used_at: p.used_at,
  }),
)

/** Compare-and-set by version. */
export const updateConversationRow = query<
  Pick<
    ConversationRow,
    | 'id'
    | 'version'
    | 'title'
    | 'model_id'
    | 'system_prompt'
    | 'prompt_id'
    | 'prompt_version'
    | 'prompt_variables'
    | 'parameters'
    | 'updated_at'
  >,
  unknown
>((k, p) =>
  k
    .updateTable('conversation')
    .set((eb) => ({
      version: eb('version', '+', 1),
      title: p.title,
      model_id: p.model_id,
      system_prompt: p.system_prompt,
      prompt_id: p.prompt_id,
      prompt_version: p.prompt_version,
      prompt_variables: p.prompt_variables,
      parameters: p.parameters,
      updated_at: p.updated_at,
    }))
    .where('id', '=', p.id)
    .where('version', '=', p.version)
    .where('deleted_at', 'is', null),
)

export const markDeleted = query<{ id: string; deleted_at: number | null; updated_at: number }, unknown>(
  (k, p) =>
    k
      .updateTable('conversation')
      .set((eb) => ({ deleted_at: p.deleted_at, updated_at: p.updated_at, version: eb('version', '+', 1) }))
      .where('id', '=', p.id),
)

/** A message came or an answer began. A title once given stays. */
export const touchConversation = query<
  Pick<ConversationRow, 'id' | 'title' | 'model_id' | 'live_generation_id' | 'used_at'>,
  unknown
>((k, p) =>
  k
    .updateTable('conversation')
    .set({
      title: p.title,
      model_id: p.model_id,
      live_generation_id: p.live_generation_id,
      used_at: p.used_at,
      updated_at: p.used_at,
    })
    .where('id', '=', p.id),
)

export const clearLive = query<{ id: string; live_generation_id: string }, unknown>((k, p) =>
  k
    .updateTable('conversation')
    .set({ live_generation_id: null })
    .where('id', '=', p.id)
    .where('live_generation_id', '=', p.live_generation_id),
)

export const insertMessage = query<MessageRow, unknown>((k, p) =>
  k.insertInto('message').values({
    id: p.id,
    conversation_id: p.conversation_id,
    parent_id: p.parent_id,
    role: p.role,
    text: p.text,
    generation_id: p.generation_id,
    created_at: p.created_at,
  }),
)

/** All of a conversation, in the order they were written. */
export const messagesOf = query<{ conversation_id: string }, MessageRow>((k, p) =>
  k.selectFrom('message').selectAll().where('conversation_id', '=', p.conversation_id).orderBy('id'),
)

type AnswerColumns = {
  [K in keyof Omit<GenerationRow, 'id'> as `g_${K}`]: GenerationRow[K] | null
}
export type MessageWithAnswer = MessageRow & Partial<AnswerColumns>

const answerColumns = [
  'generation.state as g_state',
  'generation.seq as g_seq',
  'generation.parts as g_parts',
  'generation.model_id as g_model_id',
  'generation.model_name as g_model_name',
  'generation.meter as g_meter',
  'generation.warnings as g_warnings',
  'generation.finish_reason as g_finish_reason',
  'generation.error as g_error',
  'generation.started_at as g_started_at',
  'generation.ended_at as g_ended_at',
  'generation.prompt_version_id as g_prompt_version_id',
] as const

/** Newest first, below a message id. */
export const messagesBefore = query<
  { conversation_id: string; before: string; limit: number },
  MessageWithAnswer
>((k, p) =>
  k
    .selectFrom('message')
    .leftJoin('generation', 'generation.id', 'message.generation_id')
    .selectAll('message')
    .select(answerColumns)
    .where('message.conversation_id', '=', p.conversation_id)
    .where('message.id', '<', p.before)
    .orderBy('message.id', 'desc')
    .limit(p.limit),
)

export const messageById = query<{ conversation_id: string; id: string }, MessageWithAnswer>((k, p) =>
  k
    .selectFrom('message')
    .leftJoin('generation', 'generation.id', 'message.generation_id')
    .selectAll('message')
    .select(answerColumns)
    .where('message.conversation_id', '=', p.conversation_id)
    .where('message.id', '=', p.id),
)

export type TreeNode = Pick<MessageRow, 'id' | 'parent_id' | 'role'>

/** The shape of a whole conversation, without its texts. */
export const messageTree = query<{ conversation_id: string }, TreeNode>((k, p) =>
  k
    .selectFrom('message')
    .select(['id', 'parent_id', 'role'])
    .where('conversation_id', '=', p.conversation_id)
    .orderBy('id'),
)

export type MessageText = Pick<MessageRow, 'id' | 'parent_id' | 'role' | 'text' | 'generation_id'> & {
  g_parts: string | null
}

/** Texts of some messages of a conversation, in the order they were written. */
export function messageTexts(
  reader: Reader,
  conversationId: string,
  ids: readonly string[],
): Promise<MessageText[]> {
  return reader.dynamic<ChatTables, MessageText>((k) =>
    k
      .selectFrom('message')
      .leftJoin('generation', 'generation.id', 'message.generation_id')
      .select(['message.id', 'message.parent_id', 'message.role', 'message.text', 'message.generation_id'])
      .select('generation.parts as g_parts')
      .where('message.conversation_id', '=', conversationId)
      .where('message.id', 'in', ids)
      .orderBy('message.id'),
  )
}

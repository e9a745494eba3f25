import type { ChatParameters } from '@anneal/providers'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { type WriteTx } from '../../platform/write.ts'
import { prepareGeneration, type PreparedGeneration } from '../generations/index.ts'
import { type CallableModel, callableModel } from '../models/index.ts'
import { resolvePrompt } from '../prompts/index.ts'
import { type ConversationRow, type MessageText, insertMessage } from './chat.repo.ts'
import { historyOf } from './history.ts'
import { promptChoiceOf } from './prompt-choice.ts'

export interface SystemPrompt {
  text: string
  /** The version of a prompt that it was made from. */
  versionId: string | null
}

/** The model that answers: the one asked for, else the conversation's. */
export async function answeringModel(
  ctx: Context,
  row: ConversationRow,
  modelId: string | undefined,
): Promise<CallableModel> {
  const chosen = modelId ?? row.model_id
  if (!chosen) throw new AppError('chat.no-model')
  return callableModel(ctx, chosen)
}

/**
 * What stands before the conversation's messages: its prompt as it is now, else the text written into it.
 * @throws AppError of `prompts` where the prompt cannot be used.
 */
export async function systemPromptOf(ctx: Context, row: ConversationRow): Promise<SystemPrompt> {
  const choice = promptChoiceOf(row)
  if (!choice) return { text: row.system_prompt, versionId: null }
  const { text, versionId } = await resolvePrompt(ctx, choice)
  return { text, versionId }
}

/** Makes the answer to `leafId`, which ends `path`, ready, with the conversation's system prompt and parameters. */
export function prepareAnswer(
  ctx: Context,
  row: ConversationRow,
  model: CallableModel,
  systemPrompt: SystemPrompt,
  path: readonly MessageText[],
  leafId: string,
): PreparedGeneration {
  const history = historyOf(path, leafId)
  const system = systemPrompt.text.trim()
  return prepareGeneration(ctx, {
    model,
    messages: system === '' ? history : [{ role: 'system', content: system }, ...history],
    parameters: JSON.parse(row.parameters) as ChatParameters,
    promptVersionId: systemPrompt.versionId,
    via: 'chat',
    visibility: 'private',
    subjectId: row.id,
    save: true,
    onReaderGone: 'keep',
  })
}

/** Stores the answer's message and that it runs; the call begins once the transaction is committed. */
export async function insertAnswer(
  tx: WriteTx,
  answer: { prepared: PreparedGeneration; conversationId: string; parentId: string; now: number },
): Promise<string> {
  const id = newId()
  await tx.run(insertMessage, {
    id,
    conversation_id: answer.conversationId,
    parent_id: answer.parentId,
    role: 'assistant',
    text: null,
    generation_id: answer.prepared.id,
    created_at: answer.now,
  })
  await answer.prepared.insert(tx)
  tx.afterCommit(() => answer.prepared.run())
  return id
}

import type { ChatMessage } from '@anneal/providers'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import type { WriteTx } from '../../platform/write.ts'
import { type PreparedGeneration, prepareGeneration } from '../generations/index.ts'
import { callableModel, modelNames } from '../models/index.ts'
import { resolvePrompt } from '../prompts/index.ts'
import { insertAnswer } from './compare.repo.ts'
import type { AnswerRow, Pane, Shared } from './compare.tables.ts'

export interface PreparedAnswer {
  row: Omit<AnswerRow, 'comparison_id' | 'turn_id' | 'created_at' | 'chosen_at'>
  /** Null where the model cannot be called; the row then says why. */
  generation: PreparedGeneration | null
}

/** Makes one pane's answer ready. What is wrong with its own model or prompt fails this pane and no other. */
export async function prepareAnswer(
  ctx: Context,
  pane: Pane,
  shared: Shared,
  messages: readonly ChatMessage[],
): Promise<PreparedAnswer> {
  const row = { id: newId(), pane_id: pane.id, model_id: pane.modelId, error: null }
  try {
    if (pane.modelId === null) throw new AppError('compare.no-model')
    const model = await callableModel(ctx, pane.modelId)
    const { text, versionId } = await instructionsOf(ctx, pane, shared)
    const generation = prepareGeneration(ctx, {
      model,
      messages: text === '' ? [...messages] : [{ role: 'system', content: text }, ...messages],
      parameters: pane.parameters ?? shared.parameters,
      promptVersionId: versionId,
      via: 'compare',
      visibility: 'private',
      subjectId: pane.id,
      save: true,
      onReaderGone: 'keep',
    })
    return { row: { ...row, model_name: model.name, generation_id: generation.id }, generation }
  } catch (error) {
    if (!isOwnFault(error)) throw error
    const name = pane.modelId === null ? '' : ((await modelNames(ctx.platform)).get(pane.modelId) ?? '')
    const problem = JSON.stringify({ code: error.code, params: error.params })
    return { row: { ...row, model_name: name, generation_id: null, error: problem }, generation: null }
  }
}

/** The pane's own prompt or text, else what is shared. */
async function instructionsOf(
  ctx: Context,
  pane: Pane,
  shared: Shared,
): Promise<{ text: string; versionId: string | null }> {
  const own = pane.prompt !== null || pane.system !== null
  const { prompt, system } = own ? pane : shared
  if (prompt === null) return { text: (system ?? '').trim(), versionId: null }
  const { text, versionId } = await resolvePrompt(ctx, prompt)
  return { text, versionId }
}

function isOwnFault(error: unknown): error is AppError {
  return (
    error instanceof AppError &&
    (error.code === 'auth.forbidden' || /^(?:models|prompts|compare)\./.test(error.code))
  )
}

/** Stores a pane's answer and that it runs; the call begins once the transaction is committed. */
export async function storeAnswer(
  tx: WriteTx,
  answer: PreparedAnswer,
  place: { comparisonId: string; turnId: string; now: number },
): Promise<void> {
  const { generation } = answer
  await tx.run(insertAnswer, {
    ...answer.row,
    comparison_id: place.comparisonId,
    turn_id: place.turnId,
    created_at: place.now,
    chosen_at: place.now,
  })
  if (!generation) return
  await generation.insert(tx)
  tx.afterCommit(() => generation.run())
}

import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { write } from '../../platform/write.ts'
import { callableModel } from '../models/index.ts'
import { chosenVersion } from '../prompts/index.ts'
import { type GenerationView, getGeneration } from './read-generation.ts'
import { prepareGeneration } from './prepare-generation.ts'

/** One question to one model, outside of any conversation: its text is at hand for a minute after its end, then gone. */
export async function startGeneration(
  ctx: Context,
  input: RouteHandlerInput<'generations.start'>['body'],
): Promise<GenerationView> {
  const model = await callableModel(ctx, input.modelId)
  const made = input.prompt && (await chosenVersion(ctx, ctx.platform.db.read, input.prompt))
  const prepared = prepareGeneration(ctx, {
    model,
    messages: input.messages,
    parameters: input.parameters,
    promptVersionId: made?.version.id ?? null,
    via: 'sample',
    visibility: 'private',
    subjectId: null,
    save: false,
    /* Nobody reads it again who has once gone. */
    onReaderGone: 'stop',
  })
  await write(ctx, async (tx) => {
    await prepared.insert(tx)
    tx.audit('generation.started', { kind: 'generation', id: prepared.id }, { modelId: model.id })
    tx.afterCommit(() => prepared.run())
  })
  return getGeneration(ctx, prepared.id)
}

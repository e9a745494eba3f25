import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { RouteHandlerInput } from '@anneal/contract'
import { type Context, perPlatform } from '../../platform/context.ts'
import type { TrainingSettings } from './run-state.ts'

interface Suggestion extends TrainingSettings {
  warmupRatio: number
}
type Suggestions = Record<'starter' | 'other', Record<'full' | 'lora', Suggestion>>

const suggestionsOf = perPlatform(async (platform): Promise<Suggestions> => {
  const file = path.join(platform.config.root, 'workers/trainer/defaults.json')
  return JSON.parse(await readFile(file, 'utf8')) as Suggestions
})

export async function suggestionFor(
  ctx: Context,
  base: 'starter' | 'hub' | 'folder',
  tuning: 'full' | 'lora',
): Promise<Suggestion> {
  return (await suggestionsOf(ctx.platform))[base === 'starter' ? 'starter' : 'other'][tuning]
}

/** Suggested settings by base model and tuning, from the trainer's own table. */
export async function trainingDefaults(
  ctx: Context,
  query: RouteHandlerInput<'training.defaults'>['query'],
): Promise<TrainingSettings> {
  const { steps, learningRate, batchSize, gradientAccumulation, maxLength, saveEvery, seed } =
    await suggestionFor(ctx, query.base, query.tuning)
  return { steps, learningRate, batchSize, gradientAccumulation, maxLength, saveEvery, seed }
}

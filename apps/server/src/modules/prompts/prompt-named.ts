import type { Context } from '../../platform/context.ts'
import { nameKey } from '../../platform/names/index.ts'
import { requirePrompt } from './load.ts'
import { promptByNameKey } from './prompts.repo.ts'

/** The id of a prompt by its name, for programs. @throws AppError `prompts.not-found`. */
export async function promptIdOf(ctx: Context, name: string): Promise<string> {
  const { read } = ctx.platform.db
  const found = await read.first(promptByNameKey, { name_key: nameKey(name) })
  return (await requirePrompt(ctx, read, found, 'use')).id
}

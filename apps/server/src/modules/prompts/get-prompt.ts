import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { nameKey } from '../../platform/names/index.ts'
import { promptFor, requirePrompt, versionOf } from './load.ts'
import { type PromptView, type VersionView, variablesOf, versionView, viewsOf } from './present.ts'
import { promptByNameKey } from './prompts.repo.ts'
import { labelOf } from './versions.repo.ts'

export async function getPrompt(ctx: Context, id: string): Promise<PromptView> {
  const { read } = ctx.platform.db
  const [view] = await viewsOf(ctx, read, [await promptFor(ctx, read, id, 'read')])
  if (!view) throw new AppError('prompts.not-found')
  return view
}

export async function getVersion(ctx: Context, id: string, number: number): Promise<VersionView> {
  const { read } = ctx.platform.db
  return versionView(read, await versionOf(read, await promptFor(ctx, read, id, 'read'), number))
}

/** For programs: a version by its prompt's name and a label, or a number. */
export async function getByName(
  ctx: Context,
  name: string,
  query: RouteHandlerInput<'prompts.byName'>['query'],
): Promise<RouteReply<'prompts.byName'>> {
  const { read } = ctx.platform.db
  const found = await read.first(promptByNameKey, { name_key: nameKey(name) })
  const prompt = await requirePrompt(ctx, read, found, 'use')
  const label = await read.first(labelOf, { prompt_id: prompt.id, label: query.label })
  const number = query.version ?? label?.number
  if (number === undefined) throw new AppError('prompts.no-production', { name: prompt.name })
  const row = await versionOf(read, prompt, number)
  const view = await versionView(read, row)
  return {
    promptId: prompt.id,
    versionId: row.id,
    name: prompt.name,
    version: number,
    text: row.text,
    variables: variablesOf(row),
    labels: view.labels,
    createdAt: view.createdAt,
  }
}

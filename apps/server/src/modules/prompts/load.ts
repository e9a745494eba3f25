import type { ResourceAction } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { declareResource, requireAccess } from '../auth/index.ts'
import { promptById } from './prompts.repo.ts'
import type { PromptRow, VersionRow } from './prompts.tables.ts'
import { versionByNumber } from './versions.repo.ts'

declareResource({ kind: 'prompt', table: 'prompt', nameColumn: 'name' })

/** Goes on only if the actor may do `action` with this prompt; 404 for anyone who may not even read it. */
export async function requirePrompt(
  ctx: Context,
  reader: Reader,
  row: PromptRow | undefined,
  action: ResourceAction,
): Promise<PromptRow> {
  if (!row) throw new AppError('prompts.not-found')
  await requireAccess(ctx, reader, action, 'prompt', row, 'prompts.not-found')
  return row
}

export async function promptFor(
  ctx: Context,
  reader: Reader,
  id: string,
  action: ResourceAction,
  options: { deleted?: boolean } = {},
): Promise<PromptRow> {
  const row = await reader.first(promptById, { id })
  const isThere = row && (row.deleted_at !== null) === (options.deleted ?? false)
  return requirePrompt(ctx, reader, isThere ? row : undefined, action)
}

export async function versionOf(reader: Reader, prompt: PromptRow, number: number): Promise<VersionRow> {
  const row = await reader.first(versionByNumber, { prompt_id: prompt.id, number })
  if (!row) throw new AppError('prompts.version-not-found', { name: prompt.name, version: number })
  return row
}

import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { UniqueViolation } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { nameKey } from '../../platform/names/index.ts'
import { write } from '../../platform/write.ts'
import { getPrompt } from './get-prompt.ts'
import { indexPrompt } from './index-prompt.ts'
import { tellVisibility } from '../auth/index.ts'
import { promptFor, versionOf } from './load.ts'
import type { PromptView } from './present.ts'
import { updatePromptRow } from './prompts.repo.ts'
import type { PromptRow } from './prompts.tables.ts'
import { withCurrent } from './stale.ts'

type Changes = RouteHandlerInput<'prompts.update'>['body']

function changed(row: PromptRow, input: Changes, now: number): PromptRow {
  const name = input.name ?? row.name
  return {
    ...row,
    name,
    name_key: nameKey(name),
    description: input.description ?? row.description,
    folder: input.folder === undefined ? row.folder : input.folder || null,
    visibility: input.visibility ?? row.visibility,
    updated_at: now,
  }
}

async function store(ctx: Context, id: string, input: Changes): Promise<void> {
  await write(ctx, async (tx) => {
    const row = await promptFor(ctx, tx, id, input.visibility ? 'manage' : 'edit')
    const next = changed(row, input, ctx.platform.clock.now())
    const { changes } = await tx.run(updatePromptRow, { ...next, version: input.version })
    if (changes === 0) throw new AppError('platform.stale-version')
    await indexPrompt(tx, next, (await versionOf(tx, row, row.newest)).text)
    const fields = Object.keys(input).filter((field) => field !== 'version')
    await tellVisibility(tx, 'prompt', row, next.visibility)
    tx.audit('prompt.updated', { kind: 'prompt', id }, { changed: fields, name: next.name })
    const { owner_id: ownerId, visibility } = next
    tx.emit({ kind: 'prompt', id, change: 'updated', ownerId, visibility })
  })
}

/** Renames a prompt, or changes its description, its folder or who sees it. A stale version answers 409 with what is there now. */
export async function updatePrompt(ctx: Context, id: string, input: Changes): Promise<PromptView> {
  try {
    await withCurrent(
      () => store(ctx, id, input),
      () => getPrompt(ctx, id),
    )
    return await getPrompt(ctx, id)
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error
    throw new AppError('prompts.name-taken', { name: input.name ?? '' }, { cause: error })
  }
}

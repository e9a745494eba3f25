import type { RouteHandlerInput, Visibility } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { UniqueViolation } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { nameKey, withFreeName } from '../../platform/names/index.ts'
import { type WriteTx, write } from '../../platform/write.ts'
import { actorUserId } from '../auth/index.ts'
import { getPrompt } from './get-prompt.ts'
import { indexPrompt } from './index-prompt.ts'
import { promptFor, versionOf } from './load.ts'
import { freeNameOf } from './names.ts'
import type { PromptView } from './present.ts'
import { insertPromptRow } from './prompts.repo.ts'
import { sampleOf } from './sample.ts'
import { type VersionContent, versionContent } from './version-content.ts'
import { insertVersionRow } from './versions.repo.ts'

interface New {
  name: string
  description: string
  folder: string | null
  visibility: Visibility
  content: VersionContent
}

async function insert(ctx: Context, tx: WriteTx, made: New, action: string): Promise<string> {
  const now = ctx.platform.clock.now()
  const ownerId = actorUserId(ctx.actor)
  const { name, description, folder, visibility } = made
  const id = newId()
  await tx.run(insertPromptRow, {
    id,
    owner_id: ownerId,
    visibility,
    version: 1,
    created_at: now,
    updated_at: now,
    deleted_at: null,
    name,
    name_key: nameKey(name),
    description,
    folder: folder || null,
    newest: 1,
  })
  await tx.run(insertVersionRow, {
    id: newId(),
    prompt_id: id,
    number: 1,
    ...made.content,
    author_id: ownerId,
    created_at: now,
    archived_at: null,
  })
  await indexPrompt(tx, { id, name, folder, description }, made.content.text)
  tx.audit(action, { kind: 'prompt', id }, { name })
  tx.emit({ kind: 'prompt', id, change: 'created', ownerId, visibility })
  return id
}

/** Makes a prompt of the actor's own with its first version. */
export async function createPrompt(
  ctx: Context,
  input: RouteHandlerInput<'prompts.create'>['body'],
): Promise<PromptView> {
  const content = versionContent(input)
  try {
    const id = await write(ctx, (tx) => insert(ctx, tx, { ...input, content }, 'prompt.created'))
    return await getPrompt(ctx, id)
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error
    throw new AppError('prompts.name-taken', { name: input.name }, { cause: error })
  }
}

/** Adds the sample as a prompt of the actor's own, in the language they read. */
export async function addSample(ctx: Context): Promise<PromptView> {
  const sample = sampleOf(ctx.language)
  const content = versionContent(sample)
  const id = await withFreeName(() =>
    write(ctx, async (tx) => {
      const name = await freeNameOf(tx, sample.name)
      return insert(ctx, tx, { ...sample, name, visibility: 'private', content }, 'prompt.sample-added')
    }),
  )
  return getPrompt(ctx, id)
}

/** Makes a prompt of the actor's own from a version of another. */
export async function duplicatePrompt(
  ctx: Context,
  id: string,
  input: RouteHandlerInput<'prompts.duplicate'>['body'],
): Promise<PromptView> {
  const made = await withFreeName(() =>
    write(ctx, async (tx) => {
      const from = await promptFor(ctx, tx, id, 'use')
      const { text, variables } = await versionOf(tx, from, input.version ?? from.newest)
      const name = await freeNameOf(tx, from.name)
      const { description, folder } = from
      const content = { text, variables, message: '' }
      return insert(
        ctx,
        tx,
        { name, description, folder, visibility: 'private', content },
        'prompt.duplicated',
      )
    }),
  )
  return getPrompt(ctx, made)
}

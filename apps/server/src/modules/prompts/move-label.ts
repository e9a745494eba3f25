import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { write } from '../../platform/write.ts'
import { actorUserId } from '../auth/index.ts'
import { getPrompt } from './get-prompt.ts'
import { promptFor, versionOf } from './load.ts'
import type { PromptView } from './present.ts'
import { touchPrompt } from './prompts.repo.ts'
import { withCurrent } from './stale.ts'
import { insertLabelMove, insertLabelRow, labelOf, updateLabelRow } from './versions.repo.ts'

type Params = RouteHandlerInput<'prompts.moveLabel'>['params']
type Input = RouteHandlerInput<'prompts.moveLabel'>['body']

async function store(ctx: Context, { id, label }: Params, { from, to, reason }: Input): Promise<void> {
  await write(ctx, async (tx) => {
    const row = await promptFor(ctx, tx, id, 'edit')
    const now = ctx.platform.clock.now()
    // First of all: whoever moves it, or archives the version, at the same moment waits here.
    await tx.run(touchPrompt, { id, updated_at: now })
    const present = await tx.first(labelOf, { prompt_id: id, label })
    if ((present?.number ?? null) !== from) throw new AppError('platform.stale-version')
    const version = await versionOf(tx, row, to)
    if (version.archived_at !== null) throw new AppError('prompts.version-archived', { version: to })
    const moved = { prompt_id: id, label, number: to, moved_at: now }
    await tx.run(present ? updateLabelRow : insertLabelRow, moved)
    await tx.run(insertLabelMove, {
      id: newId(),
      prompt_id: id,
      label,
      from_number: from,
      to_number: to,
      reason,
      moved_by: actorUserId(ctx.actor),
      created_at: now,
    })
    tx.audit('prompt.label-moved', { kind: 'prompt', id }, { name: row.name, label, from, to, reason })
    const { owner_id: ownerId, visibility } = row
    tx.emit({ kind: 'prompt', id, change: 'updated', ownerId, visibility, data: { label, version: to } })
  })
}

/** Moves a label to a version, and keeps why. Where it has moved since the asker looked, 409 with what is there now. */
export async function moveLabel(ctx: Context, params: Params, input: Input): Promise<PromptView> {
  await withCurrent(
    () => store(ctx, params, input),
    () => getPrompt(ctx, params.id),
  )
  return getPrompt(ctx, params.id)
}

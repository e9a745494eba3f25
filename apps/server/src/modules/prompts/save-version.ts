import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { write } from '../../platform/write.ts'
import { actorUserId } from '../auth/index.ts'
import { getPrompt, getVersion } from './get-prompt.ts'
import { indexPrompt } from './index-prompt.ts'
import { promptFor } from './load.ts'
import type { VersionView } from './present.ts'
import { setNewest } from './prompts.repo.ts'
import { withCurrent } from './stale.ts'
import { versionContent } from './version-content.ts'
import { insertVersionRow } from './versions.repo.ts'

type Input = RouteHandlerInput<'prompts.saveVersion'>['body']

async function store(ctx: Context, id: string, input: Input): Promise<void> {
  const content = versionContent(input)
  await write(ctx, async (tx) => {
    const row = await promptFor(ctx, tx, id, 'edit')
    const now = ctx.platform.clock.now()
    const number = input.basedOn + 1
    const { changes } = await tx.run(setNewest, { id, seen: input.basedOn, newest: number, updated_at: now })
    if (changes === 0) throw new AppError('platform.stale-version')
    await tx.run(insertVersionRow, {
      id: newId(),
      prompt_id: id,
      number,
      ...content,
      author_id: actorUserId(ctx.actor),
      created_at: now,
      archived_at: null,
    })
    await indexPrompt(tx, row, content.text)
    tx.audit('prompt.version-saved', { kind: 'prompt', id }, { name: row.name, version: number })
    const { owner_id: ownerId, visibility } = row
    tx.emit({ kind: 'prompt', id, change: 'updated', ownerId, visibility, data: { newest: number } })
  })
}

/** Saves the version after the one that the writer has seen. Where there is a newer one, 409 with it: nothing is lost by half. */
export async function saveVersion(ctx: Context, id: string, input: Input): Promise<VersionView> {
  await withCurrent(
    () => store(ctx, id, input),
    async () => {
      const prompt = await getPrompt(ctx, id)
      return { prompt, newest: await getVersion(ctx, id, prompt.newest) }
    },
  )
  return getVersion(ctx, id, input.basedOn + 1)
}

import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { write } from '../../platform/write.ts'
import { getVersion } from './get-prompt.ts'
import { promptFor, versionOf } from './load.ts'
import type { VersionView } from './present.ts'
import { touchPrompt } from './prompts.repo.ts'
import { labelsOf, setArchived } from './versions.repo.ts'

async function set(ctx: Context, id: string, number: number, archive: boolean): Promise<VersionView> {
  await write(ctx, async (tx) => {
    const row = await promptFor(ctx, tx, id, 'edit')
    const now = ctx.platform.clock.now()
    // Before the labels are read: whoever moves one at the same moment waits here, or is waited for.
    await tx.run(touchPrompt, { id, updated_at: now })
    const version = await versionOf(tx, row, number)
    const label = (await labelsOf(tx, [id])).find((one) => one.number === number)
    if (archive && label) {
      throw new AppError('prompts.version-labelled', { version: number, label: label.label })
    }
    await tx.run(setArchived, { id: version.id, archived_at: archive ? now : null })
    const action = archive ? 'prompt.version-archived' : 'prompt.version-restored'
    tx.audit(action, { kind: 'prompt', id }, { name: row.name, version: number })
    const { owner_id: ownerId, visibility } = row
    tx.emit({ kind: 'prompt', id, change: 'updated', ownerId, visibility })
  })
  return getVersion(ctx, id, number)
}

/** Puts a version away: it is offered nowhere, and what is pinned to it goes on. One under a label stays. */
export function archiveVersion(ctx: Context, id: string, number: number): Promise<VersionView> {
  return set(ctx, id, number, true)
}

export function restoreVersion(ctx: Context, id: string, number: number): Promise<VersionView> {
  return set(ctx, id, number, false)
}

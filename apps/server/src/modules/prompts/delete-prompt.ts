import type { Context } from '../../platform/context.ts'
import { nameKey, withFreeName } from '../../platform/names/index.ts'
import { write } from '../../platform/write.ts'
import { getPrompt } from './get-prompt.ts'
import { promptFor } from './load.ts'
import { freeNameOf } from './names.ts'
import type { PromptView } from './present.ts'
import { markPromptDeleted } from './prompts.repo.ts'

/** Puts a prompt away. What was answered with it keeps its name. */
export async function deletePrompt(ctx: Context, id: string): Promise<void> {
  await write(ctx, async (tx) => {
    const { name, owner_id: ownerId, visibility } = await promptFor(ctx, tx, id, 'manage')
    const now = ctx.platform.clock.now()
    await tx.run(markPromptDeleted, { id, name, name_key: id, deleted_at: now, updated_at: now })
    tx.audit('prompt.deleted', { kind: 'prompt', id }, { name })
    tx.emit({ kind: 'prompt', id, change: 'deleted', ownerId, visibility })
  })
}

/** Undoes the deletion; a name that was taken in the meantime gets a number. */
export async function restorePrompt(ctx: Context, id: string): Promise<PromptView> {
  await withFreeName(() =>
    write(ctx, async (tx) => {
      const row = await promptFor(ctx, tx, id, 'manage', { deleted: true })
      const name = await freeNameOf(tx, row.name)
      const now = ctx.platform.clock.now()
      await tx.run(markPromptDeleted, {
        id,
        name,
        name_key: nameKey(name),
        deleted_at: null,
        updated_at: now,
      })
      tx.audit('prompt.restored', { kind: 'prompt', id }, { name })
      const { owner_id: ownerId, visibility } = row
      tx.emit({ kind: 'prompt', id, change: 'restored', ownerId, visibility })
    }),
  )
  return getPrompt(ctx, id)
}

import type { Context } from '../../platform/context.ts'
import { write } from '../../platform/write.ts'
import { actorUserId } from '../auth/index.ts'
import { bringBackRow, dismissRow } from './home.repo.ts'

/** Folds the asker's checklist away, or brings it back; twice is as good as once. */
export async function dismissChecklist(ctx: Context, { dismissed }: { dismissed: boolean }): Promise<void> {
  const userId = actorUserId(ctx.actor)
  const now = ctx.platform.clock.now()
  await write(ctx, async (tx) => {
    if (dismissed) await tx.run(dismissRow, { userId, now })
    else await tx.run(bringBackRow, { userId })
    tx.audit(dismissed ? 'checklist.dismissed' : 'checklist.shown', { kind: 'user', id: userId })
  })
}

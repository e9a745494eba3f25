import type { Context } from '../../../platform/context.ts'
import { AppError } from '../../../platform/errors.ts'
import { sessionById } from '../sessions.repo.ts'

/** How long a proof of who is there is good for a change of how one signs in. */
export const proofLasts = 600_000

/**
 * For what would give the account to whoever finds an open page: someone signed in, who has given password or factor
 * within the last ten minutes. The operator's command line and jobs are past that question.
 * @throws AppError `auth.session-needed` for a key, `auth.proof-needed`.
 */
export async function requireRecentProof(ctx: Context): Promise<void> {
  const { actor, platform } = ctx
  if (actor.kind === 'system') return
  if (actor.kind !== 'user') throw new AppError('auth.session-needed')
  const session = await platform.db.read.first(sessionById, { id: actor.sessionId })
  const provedAt = session?.ended_at === null ? Number(session.proved_at ?? 0) : 0
  if (provedAt + proofLasts <= platform.clock.now()) throw new AppError('auth.proof-needed')
}

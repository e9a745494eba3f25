import type { Language, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { nameKey } from '../../platform/names/index.ts'
import { write } from '../../platform/write.ts'
import { actorUserId } from './can.ts'
import { forget } from './ended.ts'
import { presentSessionUser } from './present.ts'
import { roleFacts } from './roles/role-facts.ts'
import { emitUser } from './update-user.ts'
import { updateOwnRow, userById } from './users.repo.ts'

export interface OwnChanges {
  name?: string | undefined
  language?: Language | null | undefined
}

/** Changes the actor's own name or language. */
export async function updateMe(ctx: Context, input: OwnChanges): Promise<RouteReply<'auth.updateMe'>> {
  const id = actorUserId(ctx.actor)
  return write(
    ctx,
    async (tx) => {
      const user = await tx.first(userById, { id })
      if (!user) throw new AppError('auth.session-ended')
      const facts = await roleFacts(tx, user.role)
      const name = input.name ?? user.name
      const language = input.language === undefined ? user.language : input.language
      const changed = [
        ...(name === user.name ? [] : ['name']),
        ...(language === user.language ? [] : ['language']),
      ]
      if (changed.length === 0) return presentSessionUser(user, facts)
      const next = { ...user, name, name_key: nameKey(name), language }
      await tx.run(updateOwnRow, { ...next, updated_at: ctx.platform.clock.now() })
      tx.audit('user.updated', { kind: 'user', id }, { changed, name })
      emitUser(tx, id)
      tx.afterCommit(() => forget(ctx.platform, { userId: id }))
      return presentSessionUser(next, facts)
    },
    { unaudited: 'nothing may have changed' },
  )
}

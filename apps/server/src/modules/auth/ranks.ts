import type { Role } from '@anneal/contract'
import { roles } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'

/**
 * Goes on unless a key would do this to its own owner: it would give more than it may itself, as a password does.
 * @throws AppError `auth.key-of-self`.
 */
export function requireNoOwnKey(ctx: Context, userId: string): void {
  const { actor } = ctx
  if (actor.kind === 'key' && actor.userId === userId) throw new AppError('auth.key-of-self')
}

/**
 * Goes on only if the role is not above the actor's own: nobody raises anyone above themselves, and nobody changes
 * what stands above them.
 * @throws AppError `auth.role-too-high`.
 */
export function requireRank(ctx: Context, role: Role): void {
  const { actor } = ctx
  if (actor.kind === 'system') return
  // The strongest role comes first.
  if (!('role' in actor) || roles.indexOf(role) < roles.indexOf(actor.role))
    throw new AppError('auth.role-too-high')
}

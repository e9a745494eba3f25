import type { Permission, Role } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { knownRole } from './roles/role-facts.ts'

/**
 * Goes on unless a key would do this to its own owner: it would give more than it may itself, as a password does.
 * @throws AppError `auth.key-of-self`.
 */
export function requireNoOwnKey(ctx: Context, userId: string): void {
  const { actor } = ctx
  if (actor.kind === 'key' && actor.userId === userId) throw new AppError('auth.key-of-self')
}

/**
 * Goes on only if the actor may do all of this themself: nobody raises anyone above themselves, and nobody changes
 * what stands above them.
 * @throws AppError `auth.role-too-high`.
 */
export function requireReach(ctx: Context, permissions: Iterable<Permission>): void {
  const { actor } = ctx
  if (actor.kind === 'system') return
  if (actor.kind === 'nobody') throw new AppError('auth.role-too-high')
  for (const one of permissions) if (!actor.permissions.has(one)) throw new AppError('auth.role-too-high')
}

/**
 * The same of a role, as it is now.
 * @throws AppError `auth.role-too-high`, and `auth.role-not-found` for a role that there is not.
 */
export async function requireRank(ctx: Context, reader: Reader, role: Role): Promise<void> {
  requireReach(ctx, (await knownRole(reader, role)).permissions)
}

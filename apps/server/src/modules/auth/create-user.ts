import type { Role, RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { shortestPasswordOf } from './factors/shortest-password.ts'
import { createUserRow } from './insert-user.ts'
import { checkNewPassword, hashPassword } from './password.ts'
import { presentUser } from './present.ts'
import { requireRank } from './ranks.ts'
import { roleFacts } from './roles/role-facts.ts'

export interface CreateUserInput {
  email: string
  name?: string | undefined
  role: Role
  password: string
}

/**
 * Makes a user.
 * @throws AppError `auth.email-taken`, `auth.role-too-high`, `auth.password-too-short`, `auth.password-common`.
 */
export async function createUser(
  ctx: Context,
  input: CreateUserInput,
): Promise<RouteReply<'auth.createUser'>> {
  await requireRank(ctx, ctx.platform.db.read, input.role)
  const minimum = await shortestPasswordOf(ctx.platform.db.read, input.role)
  checkNewPassword(input.password, input.email, minimum)
  const passwordHash = await hashPassword(input.password)
  const name = input.name ?? input.email.split('@')[0] ?? input.email
  const user = await createUserRow(ctx, {
    email: input.email,
    name,
    role: input.role,
    passwordHash,
    language: null,
  })
  return presentUser(user, (await roleFacts(ctx.platform.db.read, user.role)).name)
}

import type { Language, Role } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { UniqueViolation } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { nameKey } from '../../platform/names/index.ts'
import type { WriteTx } from '../../platform/write.ts'
import { write } from '../../platform/write.ts'
import type { UserRow } from './auth.tables.ts'
import { insertUser, userByMail } from './users.repo.ts'
import { takeWorkspaceName } from './workspace-name.ts'

export interface NewUser {
  email: string
  name: string
  role: Role
  passwordHash: string | null
  language: Language | null
  /** A person where absent. */
  kind?: UserRow['kind']
  ownerGroupId?: string
}

/** Inserts a user with a workspace name of their own, audited. */
export async function insertUserIn(ctx: Context, tx: WriteTx, input: NewUser): Promise<UserRow> {
  const mailKey = input.email.toLowerCase()
  if (await tx.first(userByMail, { mailKey })) throw new AppError('auth.email-taken')
  const id = newId()
  const now = ctx.platform.clock.now()
  const workspace = await takeWorkspaceName(tx, input.email.split('@')[0] ?? '', { kind: 'user', id })
  const user: UserRow = {
    id,
    mail: input.email,
    mail_key: mailKey,
    name: input.name,
    name_key: nameKey(input.name),
    role: input.role,
    password_hash: input.passwordHash,
    workspace,
    language: input.language,
    disabled_at: null,
    last_seen_at: null,
    kind: input.kind ?? 'person',
    owner_group_id: input.ownerGroupId ?? null,
    version: 1,
    created_at: now,
    updated_at: now,
  }
  await tx.run(insertUser, user)
  tx.audit('user.created', { kind: 'user', id }, { email: input.email, name: input.name, role: input.role })
  tx.emit({
    kind: 'user',
    id,
    change: 'created',
    ownerId: id,
    visibility: 'permission',
    permission: 'users.read',
  })
  return user
}

/**
 * Makes a user in one transaction with what `first` and `then` add to it.
 * Two who ask at once for one address or workspace name: the second tries again and meets the first's row.
 * @throws AppError `auth.email-taken`.
 */
export async function createUserRow(
  ctx: Context,
  input: NewUser,
  around: {
    first?: (tx: WriteTx) => Promise<void>
    then?: (tx: WriteTx, user: UserRow) => Promise<void>
  } = {},
): Promise<UserRow> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write(ctx, async (tx) => {
        await around.first?.(tx)
        const user = await insertUserIn(ctx, tx, input)
        await around.then?.(tx, user)
        return user
      })
    } catch (error) {
      if (!(error instanceof UniqueViolation) || attempt === 5) throw error
    }
  }
}

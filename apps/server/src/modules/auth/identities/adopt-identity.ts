import type { Language, Role } from '@anneal/contract'
import { scalars } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { UniqueViolation } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import type { WriteTx } from '../../../platform/write.ts'
import { write } from '../../../platform/write.ts'
import type { UserRow } from '../auth.tables.ts'
import { insertUserIn } from '../insert-user.ts'
import { roleById } from '../roles/roles.repo.ts'
import { lockAdministrators, userById, userByMail } from '../users.repo.ts'
import { applyRole } from './apply-role.ts'
import type { OuterPerson } from './claims.ts'
import { identityBySubject, identityOfUser, identityUsed, insertIdentity } from './identities.repo.ts'
import type { RoleLine } from './provider.ts'

/** How a directory of outer identities is taken in; a provider's row says it for OpenID Connect. */
export interface AdoptionRules {
  /** Whose word it is: identities of one never meet those of another. */
  directory: { id: string; name: string }
  roleMap: readonly RoleLine[]
  defaultRole: Role | null
  createAccounts: boolean
  mailDomains: readonly string[]
}

/** The first line that fits and whose role there still is; null: none, and no role for the rest. */
async function roleBy(tx: WriteTx, groups: readonly string[], rules: AdoptionRules): Promise<Role | null> {
  const fitting = rules.roleMap.filter(({ group }) => groups.includes(group)).map(({ role }) => role)
  const candidates = rules.defaultRole === null ? fitting : [...fitting, rules.defaultRole]
  for (const role of candidates) if (await tx.first(roleById, { id: role })) return role
  return null
}

/** The address that links or makes an account: confirmed there, fit for here, of a domain that is let in. */
function goodAddress(person: OuterPerson, { mailDomains }: AdoptionRules): string {
  const { email, emailVerified } = person
  if (email === null || !emailVerified || !scalars.email.safeParse(email).success)
    throw new AppError('auth.oidc-mail-unverified')
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase()
  if (mailDomains.length > 0 && !mailDomains.includes(domain)) throw new AppError('auth.oidc-mail-domain')
  return email
}

async function make(
  ctx: Context,
  tx: WriteTx,
  email: string,
  person: OuterPerson,
  rules: AdoptionRules,
  language: Language | null,
): Promise<UserRow> {
  if (!rules.createAccounts) throw new AppError('auth.oidc-no-account')
  const role = await roleBy(tx, person.groups, rules)
  if (role === null) throw new AppError('auth.oidc-no-role')
  const name = (person.name ?? email.split('@')[0] ?? email).slice(0, 200)
  return insertUserIn(ctx, tx, { email, name, role, passwordHash: null, language })
}

/** Links the account of that address, which is done once; makes it where there is none. */
async function link(
  ctx: Context,
  tx: WriteTx,
  person: OuterPerson,
  rules: AdoptionRules,
  language: Language | null,
): Promise<UserRow> {
  const { directory } = rules
  const email = goodAddress(person, rules)
  const known = await tx.first(userByMail, { mailKey: email.toLowerCase() })
  if (known && known.kind !== 'person') throw new AppError('auth.oidc-no-account')
  if (known && (await tx.first(identityOfUser, { providerId: directory.id, userId: known.id })))
    throw new AppError('auth.oidc-linked-otherwise')
  if (known && known.disabled_at !== null) throw new AppError('auth.oidc-disabled')
  const user = known ?? (await make(ctx, tx, email, person, rules, language))
  const now = ctx.platform.clock.now()
  await tx.run(insertIdentity, {
    id: newId(),
    provider_id: directory.id,
    subject: person.subject,
    user_id: user.id,
    created_at: now,
    last_used_at: now,
  })
  tx.audit('user.identity-linked', { kind: 'user', id: user.id }, { email, provider: directory.name })
  return user
}

async function adopt(
  ctx: Context,
  tx: WriteTx,
  person: OuterPerson,
  rules: AdoptionRules,
  language: Language | null,
): Promise<UserRow> {
  const administrators = rules.roleMap.length > 0 ? await tx.all(lockAdministrators, {}) : []
  const identity = await tx.first(identityBySubject, {
    providerId: rules.directory.id,
    subject: person.subject,
  })
  const known = identity && (await tx.first(userById, { id: identity.user_id }))
  const user = known ?? (await link(ctx, tx, person, rules, language))
  if (user.disabled_at !== null || user.kind !== 'person') throw new AppError('auth.oidc-disabled')
  if (identity) await tx.run(identityUsed, { id: identity.id, now: ctx.platform.clock.now() })
  if (rules.roleMap.length === 0) return user
  const role = await roleBy(tx, person.groups, rules)
  if (role === null) throw new AppError('auth.oidc-no-role')
  return applyRole(ctx, tx, user, role, administrators)
}

/**
 * The account of someone whom a directory of outer identities vouches for: found by their subject there; else linked,
 * once, by their confirmed address; else made. Where the rules map groups, their role is set by these.
 * @throws AppError `auth.oidc-…`, each with what to do.
 */
export async function adoptIdentity(
  ctx: Context,
  person: OuterPerson,
  rules: AdoptionRules,
  language: Language | null,
): Promise<UserRow> {
  // The directory acts here, and the audit says so.
  const by: Context = { ...ctx, actor: { kind: 'system', name: rules.directory.name } }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write(by, (tx) => adopt(by, tx, person, rules, language), {
        unaudited: 'nothing was linked or changed; the session is audited',
      })
    } catch (error) {
      // Another sign-in of the same person was first: this one meets what it has left.
      if (!(error instanceof UniqueViolation) || attempt === 5) throw error
    }
  }
}

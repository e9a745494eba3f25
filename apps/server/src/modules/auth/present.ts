import type { KeyScope, RouteReply } from '@anneal/contract'
import { permissions } from '@anneal/contract'
import { fromJson } from '../../platform/db/index.ts'
import type { ApiKeyRow, OneTimeLinkRow, SessionRow, UserRow } from './auth.tables.ts'
import { deviceWords } from './devices.ts'
import type { RoleFacts } from './roles/role-facts.ts'

const time = (at: number) => new Date(at).toISOString()
const timeOrNull = (at: number | null) => (at === null ? null : time(at))

export function presentSessionUser(user: UserRow, role: RoleFacts): RouteReply<'auth.me'> {
  return {
    id: user.id,
    email: user.mail,
    name: user.name,
    role: user.role,
    roleName: role.name,
    workspace: user.workspace,
    language: user.language,
    permissions: permissions.filter((one) => role.permissions.has(one)),
  }
}

/** `roleName`: of an own role, null for a built-in one. */
export function presentUser(user: UserRow, roleName: string | null): RouteReply<'auth.createUser'> {
  return {
    id: user.id,
    email: user.mail,
    name: user.name,
    role: user.role,
    roleName,
    workspace: user.workspace,
    disabled: user.disabled_at !== null,
    version: user.version,
    createdAt: time(user.created_at),
    lastSeenAt: timeOrNull(user.last_seen_at),
  }
}

export function presentKey(key: ApiKeyRow): RouteReply<'auth.listKeys'>['items'][number] {
  return {
    id: key.id,
    name: key.name,
    ending: key.ending,
    scopes: fromJson<KeyScope[]>(key.scopes),
    createdAt: time(key.created_at),
    expiresAt: timeOrNull(key.expires_at),
    lastUsedAt: timeOrNull(key.last_used_at),
  }
}

export function presentSession(
  session: SessionRow,
  own: string | null,
): RouteReply<'auth.listSessions'>['items'][number] {
  return {
    id: session.id,
    current: session.id === own,
    ...deviceWords(session.user_agent),
    address: session.address,
    way: session.way,
    factor: session.factor,
    startedAt: time(session.created_at),
    lastSeenAt: time(session.last_seen_at),
  }
}

export function presentInvitation(
  link: OneTimeLinkRow,
  invitedBy: string,
  roleName: string | null,
): RouteReply<'auth.listInvitations'>['items'][number] {
  return {
    id: link.id,
    email: link.mail,
    name: link.name,
    role: link.role,
    roleName,
    invitedBy,
    createdAt: time(link.created_at),
    expiresAt: time(link.expires_at),
  }
}

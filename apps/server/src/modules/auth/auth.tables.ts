import type { ResourceAction, Role } from '@anneal/contract'
import type { PeopleTables } from './people/people.tables.ts'
import type { Factor, FactorTables, SignInWay } from './factors/factors.tables.ts'

/** `deleted`: nobody any more; the row keeps the name for what was written about them. */
export type UserKind = 'person' | 'service' | 'deleted'

export interface UserRow {
  id: string
  mail: string
  /** Lower-cased; unique. */
  mail_key: string
  name: string
  /** Lower-cased. */
  name_key: string
  role: Role
  /** PHC string of argon2id; null where the user has no password. */
  password_hash: string | null
  workspace: string
  language: 'en' | 'zh' | null
  disabled_at: number | null
  last_seen_at: number | null
  /** `service`: no person, signs in by no way and acts by its keys alone. */
  kind: UserKind
  /** Of a service account: the group that keeps it. */
  owner_group_id: string | null
  /** The key of their picture. */
  avatar?: string | null
  version: number
  created_at: number
  updated_at: number
}

export interface WorkspaceNameRow {
  /** Lower-cased; a row is never deleted, so that a name is never given again. */
  name_key: string
  name: string
  owner_kind: 'user' | 'group'
  owner_id: string
}

/** One sign-in, the family of its refresh tokens. */
export interface SessionRow {
  id: string
  user_id: string
  user_agent: string | null
  address: string | null
  created_at: number
  last_seen_at: number
  expires_at: number
  ended_at: number | null
  /** When its user last proved who they are. */
  proved_at: number | null
  way: SignInWay | null
  factor: Factor | null
}

export interface RefreshTokenRow {
  /** SHA-256 in hex. */
  hash: string
  session_id: string
  created_at: number
  /** Null: this is the session's present token. */
  replaced_at: number | null
  /** The token that replaced it, encrypted; kept for the grace only. */
  successor: string | null
}

export interface SigningKeyRow {
  kid: string
  /** PEM. */
  public_key: string
  /** PEM, encrypted under the master key. */
  private_key: string
  created_at: number
}

export interface GroupRow {
  id: string
  name: string
  name_key: string
  description: string | null
  workspace: string
  version: number
  created_at: number
  updated_at: number
  deleted_at: number | null
}

export interface GroupMemberRow {
  group_id: string
  user_id: string
  /** 1: adds and removes members without being allowed to manage groups. */
  manages: number | null
}

export interface GrantTableRow {
  id: string
  resource_kind: string
  resource_id: string
  subject_kind: 'user' | 'group'
  subject_id: string
  action: ResourceAction
  created_at: number
}

/** Counts the changes of who has access to a resource; one that never was changed has no row. */
export interface ResourceAccessRow {
  resource_kind: string
  resource_id: string
  version: number
}

/** That someone opened what is personal to another, and why. */
export interface ReadingRow {
  id: string
  resource_kind: string
  resource_id: string
  owner_id: string
  reader_id: string
  reason: string
  created_at: number
  expires_at: number
}

export interface ApiKeyRow {
  id: string
  user_id: string
  name: string
  /** SHA-256 in hex. */
  hash: string
  ending: string
  /** JSON, a list of scopes. */
  scopes: string
  created_at: number
  expires_at: number | null
  last_used_at: number | null
  ended_at: number | null
  training_run_id: string | null
}

export interface SetUpLinkRow {
  /** The node that printed it; `done` once there has been a first administrator. */
  id: string
  token_hash: string
  created_at: number
}

export interface OneTimeLinkRow {
  id: string
  purpose: 'invitation' | 'password' | 'registration'
  /** SHA-256 in hex of the newest secret; an earlier one finds nothing. */
  token_hash: string
  /** One open link for an address or a user; null once it was used or withdrawn. */
  open_key: string | null
  mail: string
  name: string | null
  role: Role
  /** Whose password it sets, or who was made by it. */
  user_id: string | null
  created_by: string | null
  created_at: number
  expires_at: number
  used_at: number | null
  withdrawn_at: number | null
  /** JSON, ids of the groups that whoever is invited comes into. */
  group_ids?: string | null
}

export interface RoleRow {
  /** A built-in role's name, or an own role's id. */
  id: Role
  name: string
  /** Lower-cased; unique. */
  name_key: string
  description: string
  /** JSON, a list of permissions; null for a built-in role, whose permissions are fixed. */
  permissions: string | null
  /** 1: whoever has the role needs a second factor. */
  second_factor: number
  version: number
  created_at: number
  updated_at: number
}

/** Someone's account at a provider of identities: how they are known there, and who that is here. */
export interface UserIdentityRow {
  id: string
  provider_id: string
  subject: string
  user_id: string
  created_at: number
  last_used_at: number
}

export interface OidcProviderRow {
  id: string
  name: string
  issuer: string
  client_id: string
  /** Encrypted; null for a public client. */
  client_secret: string | null
  scopes: string
  button_text: string
  /** The claim that lists groups; empty where none does. */
  group_claim: string
  /** JSON, a list of `{group, role}`; the first that fits counts. */
  role_map: string
  /** Null: who fits no line of the map is refused. */
  default_role: Role | null
  create_accounts: number
  /** JSON, a list of mail domains; empty: every one. */
  mail_domains: string
  enabled: number
  version: number
  created_at: number
  updated_at: number
}

export interface AuthTables extends FactorTables, PeopleTables {
  oidc_provider: OidcProviderRow
  user_identity: UserIdentityRow
  user_role: RoleRow
  one_time_link: OneTimeLinkRow
  user_account: UserRow
  workspace_name: WorkspaceNameRow
  auth_session: SessionRow
  refresh_token: RefreshTokenRow
  signing_key: SigningKeyRow
  user_group: GroupRow
  user_group_member: GroupMemberRow
  resource_grant: GrantTableRow
  resource_access: ResourceAccessRow
  personal_reading: ReadingRow
  api_key: ApiKeyRow
  set_up_link: SetUpLinkRow
}

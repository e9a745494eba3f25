/** How a session was signed in, and by which second factor. */
export type SignInWay = 'password' | 'passkey' | 'link' | 'oidc'
export type Factor = 'totp' | 'passkey' | 'recovery-code'

export interface TotpRow {
  user_id: string
  /** Base32, encrypted under the master key. */
  secret: string
  /** The newest step that a code was taken of: no code is taken twice. */
  last_step: number
  created_at: number
  last_used_at: number | null
}

export interface PasskeyRow {
  id: string
  user_id: string
  name: string
  /** SHA-256 in hex of the credential's id, which is too long for an index. */
  credential_hash: string
  /** Base64url. */
  credential_id: string
  /** Base64url of the COSE key. */
  public_key: string
  counter: number
  /** JSON, a list of how the browser may reach it. */
  transports: string
  synced: number
  created_at: number
  last_used_at: number | null
}

export interface RecoveryCodeRow {
  id: string
  user_id: string
  /** PHC string of argon2id; all codes of a set have one salt. */
  hash: string
  created_at: number
  used_at: number | null
}

export type TicketPurpose =
  | 'second-factor'
  | 'enrol'
  | 'new-password'
  | 'passkey-sign-in'
  | 'add-totp'
  | 'add-passkey'
  | 'proof'

/** What was begun and is not yet ended: a sign-in between two steps, a factor that is set up. */
export interface TicketRow {
  id: string
  /** SHA-256 in hex. */
  hash: string
  purpose: TicketPurpose
  /** Null for a passkey sign-in, where it is not yet known who comes. */
  user_id: string | null
  session_id: string | null
  /** Of the password that the first step was passed by: with a new password the ticket is void. */
  stamp: string | null
  way: SignInWay | null
  factor: Factor | null
  /** 1: the password no longer meets the rules, and a new one is asked for before the end. */
  weak: number
  challenge: string | null
  /** Of an authenticator that is set up, encrypted. */
  secret: string | null
  tries: number
  created_at: number
  expires_at: number
  used_at: number | null
}

/** Failed tries by account, address or person, for all servers. */
export interface AttemptRow {
  id: string
  failures: number
  last_at: number
  blocked_until: number
}

export interface FactorTables {
  user_totp: TotpRow
  user_passkey: PasskeyRow
  recovery_code: RecoveryCodeRow
  auth_ticket: TicketRow
  auth_attempt: AttemptRow
}

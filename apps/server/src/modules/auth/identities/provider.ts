import type { RouteHandlerInput, RouteReply, Role } from '@anneal/contract'
import type { Context, Platform } from '../../../platform/context.ts'
import { fromJson, toJson } from '../../../platform/db/index.ts'
import type { OidcProviderRow } from '../auth.tables.ts'

export type ProviderView = RouteReply<'identity.listProviders'>['items'][number]
export type NewProvider = RouteHandlerInput<'identity.createProvider'>['body']

export interface RoleLine {
  group: string
  role: Role
}

/** Where this instance is reached, for whatever leaves it; never from a request's Host. */
export function originOf(platform: Platform): string {
  const { publicUrl, port } = platform.config
  return publicUrl ?? `http://localhost:${port}`
}

export const callbackBase = (platform: Platform): string => `${originOf(platform)}/api/v1/auth/oidc/`
export const callbackUrl = (platform: Platform, id: string): string =>
  `${callbackBase(platform)}${id}/callback`

export const roleMapOf = (row: OidcProviderRow): RoleLine[] => fromJson<RoleLine[]>(row.role_map)
export const mailDomainsOf = (row: OidcProviderRow): string[] => fromJson<string[]>(row.mail_domains)

/** The secret stays here; only that there is one is told. */
export function presentProvider(platform: Platform, row: OidcProviderRow, people: number): ProviderView {
  return {
    id: row.id,
    name: row.name,
    issuer: row.issuer,
    clientId: row.client_id,
    scopes: row.scopes,
    buttonText: row.button_text,
    groupClaim: row.group_claim,
    roleMap: roleMapOf(row),
    defaultRole: row.default_role,
    createAccounts: Number(row.create_accounts) === 1,
    mailDomains: mailDomainsOf(row),
    enabled: Number(row.enabled) === 1,
    hasSecret: row.client_secret !== null,
    callbackUrl: callbackUrl(platform, row.id),
    people,
    version: row.version,
    createdAt: new Date(Number(row.created_at)).toISOString(),
    updatedAt: new Date(Number(row.updated_at)).toISOString(),
  }
}

type Stored = Omit<OidcProviderRow, 'id' | 'version' | 'created_at' | 'updated_at'>

/** What of an input is stored, in the table's words; what is absent is left out. */
export function storedOf(ctx: Context, input: Partial<NewProvider>): Partial<Stored> {
  const secret = input.clientSecret
  const stored: { [K in keyof Stored]: Stored[K] | undefined } = {
    name: input.name,
    issuer: input.issuer,
    client_id: input.clientId,
    client_secret: secret ? ctx.platform.secrets.encrypt(secret) : secret === undefined ? undefined : null,
    scopes: input.scopes,
    button_text: input.buttonText,
    group_claim: input.groupClaim,
    role_map: input.roleMap && toJson(input.roleMap),
    default_role: input.defaultRole,
    create_accounts: input.createAccounts === undefined ? undefined : Number(input.createAccounts),
    mail_domains: input.mailDomains && toJson([...new Set(input.mailDomains)]),
    enabled: input.enabled === undefined ? undefined : Number(input.enabled),
  }
  return Object.fromEntries(Object.entries(stored).filter(([, value]) => value !== undefined))
}

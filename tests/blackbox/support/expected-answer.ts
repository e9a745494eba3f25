import type { BuiltinRole, KeyScope, Permission, RouteDefinition } from '@anneal/contract'
import { rolePermissions } from '@anneal/contract'

/** Who asks, as far as the contract's own words tell askers apart. */
export type Asker =
  | { kind: 'nobody' }
  | { kind: 'user'; role: BuiltinRole }
  | { kind: 'key'; role: BuiltinRole; scopes: readonly KeyScope[] }
  /** A token that has run out, or whose session or user has ended. */
  | { kind: 'ended'; code: string }

/** A refusal; null where the asker is let through to the work. */
export type Refusal = { status: number; code: string } | null

const scopeOf = ({ scope, method }: RouteDefinition) => scope ?? (method === 'GET' ? 'api:read' : 'api:write')

/** What the gateway's clients read instead, as OpenAI words it. */
const openAiCodes: Record<string, string> = {
  'auth.unauthenticated': 'invalid_api_key',
  'auth.token-expired': 'invalid_api_key',
  'auth.session-ended': 'invalid_api_key',
  'auth.forbidden': 'insufficient_permissions',
  'auth.scope-missing': 'insufficient_permissions',
}

function refusalCode(definition: RouteDefinition, asker: Asker): [status: number, code: string] | null {
  const { permission } = definition
  if (permission === 'public') return null
  if (asker.kind === 'nobody') return [401, 'auth.unauthenticated']
  if (asker.kind === 'ended') return [401, asker.code]
  const held: readonly Permission[] = rolePermissions[asker.role]
  if (permission !== 'signed-in' && !held.includes(permission)) return [403, 'auth.forbidden']
  if (asker.kind === 'user') return null
  const scope = scopeOf(definition)
  if (scope !== 'none' && !asker.scopes.includes(scope)) return [403, 'auth.scope-missing']
  return definition.sessionOnly === true ? [403, 'auth.session-needed'] : null
}

/** What the contract says of an asker at a route: nothing here is learnt from the server. */
export function refusalOf(definition: RouteDefinition, asker: Asker): Refusal {
  const refused = refusalCode(definition, asker)
  if (!refused) return null
  const [status, code] = refused
  return { status, code: definition.dialect === 'openai' ? (openAiCodes[code] ?? code) : code }
}

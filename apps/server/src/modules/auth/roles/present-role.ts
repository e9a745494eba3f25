import type { RouteReply } from '@anneal/contract'
import { isBuiltinRole, permissions } from '@anneal/contract'
import type { RoleRow } from '../auth.tables.ts'
import { factsOf } from './role-facts.ts'

export function presentRole(row: RoleRow, users: number): RouteReply<'auth.createRole'> {
  const facts = factsOf(row)
  return {
    id: row.id,
    builtin: isBuiltinRole(row.id),
    name: facts.name,
    description: row.description,
    permissions: permissions.filter((one) => facts.permissions.has(one)),
    secondFactor: facts.secondFactor,
    users,
    version: row.version,
    updatedAt: new Date(row.updated_at).toISOString(),
  }
}

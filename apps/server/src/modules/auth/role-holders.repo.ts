import type { Role } from '@anneal/contract'
import type { Reader } from '../../platform/db/index.ts'
import type { AuthTables } from './auth.tables.ts'

/** The ids of people with one of these roles who may sign in. */
export async function roleHolders(reader: Reader, roles: readonly Role[]): Promise<string[]> {
  const rows = await reader.dynamic<AuthTables, { id: string }>((k) =>
    k.selectFrom('user_account').select('id').where('role', 'in', roles).where('disabled_at', 'is', null),
  )
  return rows.map((row) => row.id)
}

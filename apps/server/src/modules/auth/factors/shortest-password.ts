import type { Role } from '@anneal/contract'
import type { Reader } from '../../../platform/db/index.ts'
import { shortestPassword, shortestWithFactor } from '../password.ts'
import { roleFacts } from '../roles/role-facts.ts'

/** Characters that a password of someone with this role needs: fewer where it never opens the door alone. */
export async function shortestPasswordOf(reader: Reader, role: Role): Promise<number> {
  return (await roleFacts(reader, role)).secondFactor ? shortestWithFactor : shortestPassword
}

import type { RouteReply } from '@anneal/contract'
import type { Reader } from '../../../platform/db/index.ts'
import { presentUser } from '../present.ts'
import { factsOf } from '../roles/role-facts.ts'
import { allRoles } from '../roles/roles.repo.ts'
import { avatarPath } from './avatar-path.ts'
import type { ListedRow } from './user-list.repo.ts'
import { groupsOfUsers } from './user-list.repo.ts'

type Listed = RouteReply<'auth.listUsers'>['items'][number]

function factorOf({ totp, passkeys }: ListedRow): Listed['factor'] {
  if (Number(totp) > 0) return Number(passkeys) > 0 ? 'both' : 'totp'
  return Number(passkeys) > 0 ? 'passkey' : 'none'
}

/** Users as a list shows them, with their groups and factors. */
export async function presentListed(reader: Reader, rows: readonly ListedRow[]): Promise<Listed[]> {
  const groups = await groupsOfUsers(
    reader,
    rows.map((row) => row.id),
  )
  const roles = new Map((await reader.all(allRoles, {})).map((row) => [row.id, factsOf(row)]))
  return rows.map((row) => {
    const role = roles.get(row.role)
    const factor = factorOf(row)
    return {
      ...presentUser(row, role ? role.name : row.role),
      kind: row.kind === 'service' ? 'service' : 'person',
      avatar: avatarPath(row),
      groups: groups.get(row.id) ?? [],
      factor,
      factorMissing: factor === 'none' && role?.secondFactor === true && row.kind === 'person',
    }
  })
}

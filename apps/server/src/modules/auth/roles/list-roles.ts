import type { RouteReply } from '@anneal/contract'
import { isBuiltinRole, roles } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { presentRole } from './present-role.ts'
import { allRoles, countByRole } from './roles.repo.ts'

const place = (id: string) => (isBuiltinRole(id) ? roles.indexOf(id) : roles.length)

/** Every role with how many have it: the built-in ones strongest first, then own ones by name. */
export async function listRoles(ctx: Context): Promise<RouteReply<'auth.listRoles'>> {
  const { read } = ctx.platform.db
  const rows = await read.all(allRoles, {})
  const counts = new Map((await read.all(countByRole, {})).map(({ role, n }) => [role, Number(n)]))
  const items = rows
    .toSorted((a, b) => place(a.id) - place(b.id))
    .map((row) => presentRole(row, counts.get(row.id) ?? 0))
  return { items }
}

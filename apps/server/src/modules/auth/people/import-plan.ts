import { setImmediate as breathe } from 'node:timers/promises'
import type { Language, Permission, Role, RouteReply } from '@anneal/contract'
import { isBuiltinRole } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import type { Reader } from '../../../platform/db/index.ts'
import { text } from '../../../platform/http/index.ts'
import { nameKey } from '../../../platform/names/index.ts'
import { invitationKey } from '../one-time-links.ts'
import { factsOf } from '../roles/role-facts.ts'
import { allRoles } from '../roles/roles.repo.ts'
import { allGroupNames, openInvitationsOf, usersByMails } from './import.repo.ts'
import { type ImportLine, importLines, isMail } from './import-rows.ts'

type Checked = RouteReply<'people.checkImport'>['rows'][number]
type Fault = Checked['faults'][number]

/** What is to be done for one line that has no fault. */
export interface Planned {
  line: number
  email: string
  name: string
  /** Null: the one that they have. */
  role: Role | null
  groupIds: string[]
  /** Of whoever is here already. */
  userId: string | null
}

export interface PlannedLine {
  checked: Checked
  planned: Planned | null
}

interface Known {
  roles: Map<string, { id: Role; permissions: ReadonlySet<Permission> }>
  byId: Map<string, ReadonlySet<Permission>>
  groups: Map<string, string>
  users: Map<string, { id: string; role: Role }>
  invited: Set<string>
}

const chunk = 400
const longestName = 200
const languages: readonly Language[] = ['en', 'zh']

async function inChunks<T>(
  all: readonly string[],
  read: (some: readonly string[]) => Promise<T[]>,
): Promise<T[]> {
  const found: T[] = []
  for (let at = 0; at < all.length; at += chunk) {
    found.push(...(await read(all.slice(at, at + chunk))))
    await breathe()
  }
  return found
}

async function knownNow(reader: Reader, lines: readonly ImportLine[]): Promise<Known> {
  const mails = [...new Set(lines.map(({ email }) => email.toLowerCase()).filter(isMail))]
  const users = await inChunks(mails, (some) => usersByMails(reader, some))
  const invited = await inChunks(mails.map(invitationKey), (some) => openInvitationsOf(reader, some))
  const roles: Known['roles'] = new Map()
  const byId: Known['byId'] = new Map()
  for (const row of await reader.all(allRoles, {})) {
    const { permissions } = factsOf(row)
    const { id } = row
    byId.set(id, permissions)
    const names = isBuiltinRole(id)
      ? [id, ...languages.map((one) => text(one, `auth.role.${id}`) ?? id)]
      : [row.name]
    for (const name of names) roles.set(nameKey(name), { id, permissions })
  }
  const groups = new Map((await reader.all(allGroupNames, {})).map(({ name_key: key, id }) => [key, id]))
  return {
    roles,
    byId,
    groups,
    users: new Map(users.map(({ mail_key: key, id, role }) => [key, { id, role }])),
    invited: new Set(invited.map(({ open_key: key }) => key)),
  }
}

function reaches(ctx: Context, permissions: ReadonlySet<Permission> | undefined): boolean {
  const { actor } = ctx
  if (actor.kind === 'system') return true
  return actor.kind !== 'nobody' && [...(permissions ?? [])].every((one) => actor.permissions.has(one))
}

function planLine(
  ctx: Context,
  known: Known,
  line: ImportLine,
  seen: Set<string>,
  update: boolean,
): PlannedLine {
  const faults: Fault[] = []
  const fault = (code: Fault['code'], value: string) => faults.push({ code, value: value.slice(0, 200) })
  const mailKey = line.email.toLowerCase()
  if (!line.email) fault('mail-missing', '')
  else if (!isMail(line.email)) fault('mail-bad', line.email)
  else if (seen.has(mailKey)) fault('duplicate', line.email)
  seen.add(mailKey)
  if (line.name.length > longestName) fault('name-too-long', line.name)
  const user = known.users.get(mailKey)
  const role = line.role ? known.roles.get(nameKey(line.role)) : known.roles.get('member')
  if (!role) fault('role-unknown', line.role)
  else if (!reaches(ctx, role.permissions)) fault('role-too-high', line.role)
  else if (user && update && !reaches(ctx, known.byId.get(user.role))) fault('role-too-high', user.role)
  const groupIds: string[] = []
  const mayGroup =
    ctx.actor.kind === 'system' || ('permissions' in ctx.actor && ctx.actor.permissions.has('groups.manage'))
  for (const name of line.groups) {
    const id = mayGroup ? known.groups.get(nameKey(name)) : undefined
    if (id) groupIds.push(id)
    else fault('group-unknown', name)
  }
  if (user && !update) fault('exists', line.email)
  if (!user && known.invited.has(invitationKey(mailKey))) fault('invited', line.email)
  const isFine = faults.length === 0 && role !== undefined
  const action = user ? 'update' : 'invite'
  return {
    checked: { ...line, role: line.role.slice(0, 200), action: isFine ? action : 'none', faults },
    planned: isFine
      ? {
          line: line.line,
          email: line.email,
          name: line.name,
          role: user && !line.role ? null : role.id,
          groupIds: [...new Set(groupIds)],
          userId: user?.id ?? null,
        }
      : null,
  }
}

/**
 * What a CSV of people would do, line by line; others have their turn between.
 * @throws AppError as `importLines`.
 */
export async function planImport(
  ctx: Context,
  input: { csv: string; update: boolean },
): Promise<PlannedLine[]> {
  const lines = await importLines(input.csv)
  const known = await knownNow(ctx.platform.db.read, lines)
  const seen = new Set<string>()
  const planned: PlannedLine[] = []
  for (const line of lines) {
    planned.push(planLine(ctx, known, line, seen, input.update))
    if (planned.length % chunk === 0) await breathe()
  }
  return planned
}

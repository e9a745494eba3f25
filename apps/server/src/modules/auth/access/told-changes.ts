import type { Visibility } from '@anneal/contract'
import type { Reader } from '../../../platform/db/index.ts'
import type { GrantRow } from '../can.ts'
import { groupsByIds } from '../groups/groups.repo.ts'
import { usersByIds } from '../users.repo.ts'

interface State {
  visibility: Visibility
  grants: readonly GrantRow[]
}

const keyOf = (row: GrantRow) => `${row.subject_kind} ${row.subject_id}`

/** What the audit says of a change of access: who got what, from whom it was taken, by their names of now. */
export async function toldChanges(
  reader: Reader,
  name: string,
  before: State,
  after: State,
): Promise<Record<string, unknown>> {
  const was = new Map(before.grants.map((row) => [keyOf(row), row]))
  const is = new Map(after.grants.map((row) => [keyOf(row), row]))
  const given = after.grants.filter((row) => was.get(keyOf(row))?.action !== row.action)
  const taken = before.grants.filter((row) => !is.has(keyOf(row)))
  const all = [...given, ...taken]
  const idsOf = (kind: GrantRow['subject_kind']) =>
    all.filter((row) => row.subject_kind === kind).map((row) => row.subject_id)
  const people = await usersByIds(reader, idsOf('user'))
  const groups = await groupsByIds(reader, idsOf('group'))
  const named = ({ subject_id: id }: GrantRow) => people.get(id)?.email ?? groups.get(id)?.name ?? id
  return {
    name,
    visibility: after.visibility,
    ...(before.visibility === after.visibility ? {} : { before: before.visibility }),
    ...(given.length > 0 ? { given: given.map((row) => `${named(row)}: ${row.action}`) } : {}),
    ...(taken.length > 0 ? { taken: taken.map(named) } : {}),
  }
}

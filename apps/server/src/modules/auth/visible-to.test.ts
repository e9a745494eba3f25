import type { ResourceAction, ResourceKind, Visibility } from '@anneal/contract'
import { resourceActions, resourceKinds, roles, visibilities } from '@anneal/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../platform/context.ts'
import { defineQuery } from '../../platform/db/index.ts'
import type { AuthTables } from './auth.tables.ts'
import type { AuthPlatform } from './auth.testing.ts'
import { openAuthPlatform, testDialects } from './auth.testing.ts'
import type { GrantRow } from './can.ts'
import { can } from './can.ts'
import { permissionsOf } from './roles/role-facts.ts'
import type { VisibleParams } from './visible-to.ts'
import { visibleParams, visibleTo } from './visible-to.ts'

interface Things {
  thing: { id: string; owner_id: string; visibility: Visibility; project_id: string }
}
interface Thing {
  id: string
  ownerId: string
  visibility: Visibility
  grants: GrantRow[]
}

/** The last one is deleted: it counts for nobody. */
const groups = ['g1', 'g2', 'gone']
const users = ['u1', 'u2', 'u3']
const groupsOf: Record<string, string[]> = { u1: ['g1', 'g2'], u2: ['g2'], u3: [] }
const membersOf: Record<string, string[]> = { ...groupsOf, u2: ['g2', 'gone'], u3: ['gone'] }

/** Every owner and visibility, with each single grant there can be, and a few pairs. */
function things(): Thing[] {
  const subjects = [
    ...users.map((id) => ['user', id] as const),
    ...groups.map((id) => ['group', id] as const),
  ]
  const single = subjects.flatMap(([subject_kind, subject_id]) =>
    resourceActions.map((action: ResourceAction): GrantRow[] => [{ subject_kind, subject_id, action }]),
  )
  const pairs = single.slice(0, 8).map((grants, at) => [...grants, ...(single[19 - at] ?? [])])
  const made: Thing[] = []
  for (const ownerId of users)
    for (const visibility of visibilities)
      for (const grants of [[], ...single, ...pairs])
        made.push({ id: `t${made.length}`, ownerId, visibility, grants })
  return made
}

const kindQueries = new Map(
  resourceKinds.map((kind) => [
    kind,
    defineQuery<Things>()<VisibleParams, { id: string }>((k, p) =>
      k
        .selectFrom('thing as t')
        .select('t.id')
        .where((eb) => visibleTo(eb, p, 't', kind)),
    ),
  ]),
)

function actors(): Actor[] {
  const all: Actor[] = [{ kind: 'nobody' }, { kind: 'system', name: 'test' }]
  for (const userId of users)
    for (const role of roles)
      all.push({
        kind: 'user',
        userId,
        name: userId,
        role,
        permissions: permissionsOf(role),
        groupIds: groupsOf[userId] ?? [],
        sessionId: 's',
      })
  return all
}

describe.each(testDialects)('can and visibleTo on %s', (dialect) => {
  let opened: AuthPlatform
  const made = things()

  beforeAll(async () => {
    opened = await openAuthPlatform(dialect)
    const { db } = opened.platform
    await db.execute(
      'create table thing (id varchar(36), owner_id varchar(36), visibility varchar(10), project_id varchar(36))',
    )
    await db.transaction(async (tx) => {
      const rows = made.map(({ id, ownerId, visibility }) => ({
        id,
        owner_id: ownerId,
        visibility,
        // A tracked run's grants are its project's.
        project_id: id,
      }))
      await tx.runDynamic<Things>((k) => k.insertInto('thing').values(rows))
      await tx.runDynamic<AuthTables>((k) =>
        k.insertInto('user_group').values(
          groups.map((id) => ({
            id,
            name: id,
            name_key: id,
            description: null,
            workspace: id,
            version: 1,
            created_at: 0,
            updated_at: 0,
            deleted_at: id === 'gone' ? 1 : null,
          })),
        ),
      )
      const members = users.flatMap((user_id) =>
        (membersOf[user_id] ?? []).map((group_id) => ({ group_id, user_id, manages: null })),
      )
      await tx.runDynamic<AuthTables>((k) => k.insertInto('user_group_member').values(members))
      for (const kind of resourceKinds.filter((one) => one !== 'tracked-run')) {
        const grants = made.flatMap((thing) =>
          thing.grants.map((grant, at) => ({
            ...grant,
            id: `${kind}-${thing.id}-${at}`,
            resource_kind: kind,
            resource_id: thing.id,
            created_at: 0,
          })),
        )
        await tx.runDynamic<AuthTables>((k) => k.insertInto('resource_grant').values(grants))
      }
    })
  })
  afterAll(() => opened.close())

  test.each(resourceKinds)('agree on every %s for every actor', async (kind: ResourceKind) => {
    const query = kindQueries.get(kind)!
    for (const actor of actors()) {
      const rows = await opened.platform.db.read.all(query, visibleParams(actor))
      const listed = rows.map((row) => row.id).toSorted()
      const decided = made.filter((thing) => can(actor, 'read', { ...thing, kind })).map((thing) => thing.id)
      expect(listed, JSON.stringify(visibleParams(actor))).toEqual(decided.toSorted())
    }
  })
})

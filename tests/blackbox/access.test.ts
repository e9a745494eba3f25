import type {
  AccessKind,
  Permission,
  ResourceAction,
  RouteName,
  RouteReply,
  Visibility,
} from '@anneal/contract'
import { permissions, resourceActions } from '@anneal/contract'
import type { ProviderStandIn } from '@anneal/providers/testing'
import { startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { makeResource, type Owned, type OwnedKind } from './support/resources.ts'
import { Tab } from './support/socket.ts'
import { sql } from './support/sql.ts'
import { addModel, audit, makeUser, refusal, unique } from './support/world.ts'

type Access = RouteReply<'access.getAccess'>
type Someone = Awaited<ReturnType<typeof makeUser>>

interface Row {
  kind: AccessKind & OwnedKind
  read: RouteName
  /** What changes it, and what that needs. */
  change: { route: RouteName; action: ResourceAction; body?: (version: number) => object }
  /** A list of it; absent where there is only a list of one's own. */
  list?: { route: RouteName; of?: 'project' }
  found?: boolean
}

/** Every kind of what can be shared. A kind that is not here fails the suite. */
const table: Row[] = [
  {
    kind: 'dataset',
    read: 'datasets.get',
    change: {
      route: 'datasets.update',
      action: 'edit',
      body: (version) => ({ version, name: unique('data') }),
    },
    list: { route: 'datasets.list' },
    found: true,
  },
  {
    kind: 'prompt',
    read: 'prompts.get',
    change: { route: 'prompts.update', action: 'edit', body: (version) => ({ version, description: 'x' }) },
    list: { route: 'prompts.list' },
    found: true,
  },
  {
    kind: 'model',
    read: 'models.get',
    change: { route: 'models.update', action: 'edit', body: (version) => ({ version, contextWindow: 4096 }) },
    list: { route: 'models.list' },
    found: true,
  },
  {
    kind: 'connection',
    read: 'models.getConnection',
    change: {
      route: 'models.updateConnection',
      action: 'edit',
      body: (version) => ({ version, name: unique('connection') }),
    },
    list: { route: 'models.listConnections' },
  },
  {
    kind: 'training-run',
    read: 'training.get',
    change: { route: 'training.stop', action: 'edit' },
    list: { route: 'training.list' },
    found: true,
  },
  {
    kind: 'deployment',
    read: 'deployments.get',
    change: { route: 'deployments.stop', action: 'manage' },
    list: { route: 'deployments.list' },
    found: true,
  },
  {
    kind: 'project',
    read: 'tracking.project',
    change: {
      route: 'tracking.updateProject',
      action: 'edit',
      body: (version) => ({ version, description: unique('text') }),
    },
    list: { route: 'tracking.projects' },
    found: true,
  },
  {
    kind: 'tracked-run',
    read: 'tracking.run',
    change: {
      route: 'tracking.updateRun',
      action: 'edit',
      body: (version) => ({ version, description: unique('text') }),
    },
    list: { route: 'tracking.runs', of: 'project' },
  },
  {
    kind: 'conversation',
    read: 'chat.getConversation',
    change: {
      route: 'chat.updateConversation',
      action: 'edit',
      body: (version) => ({ version, title: unique('title') }),
    },
  },
  {
    kind: 'comparison',
    read: 'compare.get',
    change: {
      route: 'compare.update',
      action: 'edit',
      body: (version) => ({ version, title: unique('title') }),
    },
  },
]

const isPersonal = (kind: AccessKind) => kind === 'conversation' || kind === 'comparison'
const strength = (action: ResourceAction | null) => (action === null ? -1 : resourceActions.indexOf(action))

let server: TestServer
let standIn: ProviderStandIn
let administrator: Client
let modelId: string
let groupId: string
/** They may change things of every kind, and reach nothing by their role, but for the last two. */
const people = {} as Record<'owner' | 'member' | 'grantee' | 'stranger' | 'looksAfter' | 'seesAll', Someone>
const tabs = {} as Record<keyof typeof people, Tab>

const above: readonly Permission[] = [
  'users.manage',
  'groups.manage',
  'roles.manage',
  'settings.manage',
  'resources.shared',
  'resources.all',
  'conversations.others',
]

async function roleOf(more: readonly Permission[]): Promise<string> {
  const given = [...permissions.filter((one) => !above.includes(one)), ...more]
  const body = { name: unique('role'), permissions: given }
  return (await administrator.call('auth.createRole', { body })).id
}

beforeAll(async () => {
  standIn = await startProviderStandIn()
  server = await startServer()
  administrator = await server.adminClient()
  modelId = (await addModel(administrator, standIn)).id
  const worker = await roleOf([])
  const roles = {
    owner: worker,
    member: worker,
    grantee: worker,
    stranger: worker,
    looksAfter: await roleOf(['resources.shared']),
    seesAll: await roleOf(['resources.all']),
  }
  for (const [who, role] of Object.entries(roles) as [keyof typeof people, string][]) {
    people[who] = await makeUser(server, administrator, role)
    tabs[who] = await Tab.open(people[who].client)
  }
  groupId = (await administrator.call('access.createGroup', { body: { name: unique('group') } })).id
  await administrator.call('access.changeGroupMembers', {
    params: { id: groupId },
    body: { add: [{ userId: people.member.id }] },
  })
  // Whoever is in a group now has other rights: their page comes back.
  await until(() => tabs.member.closed, { what: 'the socket of who was added' })
  tabs.member = await Tab.open(people.member.client)
})
afterAll(async () => {
  for (const tab of Object.values(tabs)) tab.close()
  await server?.close()
  await standIn?.close()
})

const anySend = (client: Client, route: RouteName, input: object) => client.send(route as 'auth.me', input)

async function versionOf(row: Row, id: string): Promise<number> {
  const reply = await anySend(people.owner.client, row.read, { params: { id } })
  const body = (await reply.json()) as {
    version?: number
    conversation?: { version: number }
    comparison?: { version: number }
  }
  return body.version ?? body.conversation?.version ?? body.comparison?.version ?? 1
}

async function parentOf(row: Row, id: string): Promise<{ kind: AccessKind; id: string; runId: string }> {
  if (row.kind !== 'tracked-run') return { kind: row.kind, id, runId: id }
  const [run] = await sql(server, 'select project_id from tracked_run where id = ?', [id])
  return { kind: 'project', id: String(run?.['project_id']), runId: id }
}

async function share(
  at: { kind: AccessKind; id: string },
  visibility: Visibility,
  action: ResourceAction | null,
): Promise<Access> {
  const { client } = people.owner
  const { version } = await client.call('access.getAccess', { params: at })
  const grants = action
    ? [
        { subject: { kind: 'group' as const, id: groupId }, action },
        { subject: { kind: 'user' as const, id: people.grantee.id }, action },
      ]
    : []
  return client.call('access.setAccess', { params: at, body: { version, visibility, grants } })
}

/** What each may do, in each way of sharing. */
function expected(kind: AccessKind, visibility: Visibility, granted: ResourceAction | null) {
  const shared = visibility === 'private' ? null : granted
  const open: ResourceAction | null = visibility === 'everyone' ? 'use' : null
  const most = strength(shared) > strength(open) ? shared : open
  return {
    owner: 'manage' as const,
    member: most,
    grantee: most,
    stranger: open,
    looksAfter: open && (isPersonal(kind) ? open : 'manage'),
    seesAll: isPersonal(kind) ? open : 'manage',
  } satisfies Record<keyof typeof people, ResourceAction | null>
}

async function ids(client: Client, row: Row, projectId: string): Promise<string[]> {
  const params = row.list?.of ? { params: { id: projectId } } : {}
  const reply = await anySend(client, row.list!.route, { ...params, query: { limit: 200 } })
  if (reply.status === 404) return []
  const { items } = (await reply.json()) as { items: { id: string }[] }
  return items.map(({ id }) => id)
}

async function checkEach(
  row: Row,
  made: Owned,
  at: { id: string },
  visibility: Visibility,
  granted: ResourceAction | null,
): Promise<void> {
  const wanted = expected(row.kind, visibility, granted)
  for (const [who, most] of Object.entries(wanted) as [keyof typeof people, ResourceAction | null][]) {
    const { client } = people[who]
    const said = `${who} of a ${visibility} ${row.kind} with ${granted}`
    const params = { params: { id: made.id } }
    const reads = await anySend(client, row.read, params)
    expect(reads.status, said).toBe(most === null ? 404 : 200)
    const reply = (await reads.json()) as { may?: string[]; name?: string }
    if (reply.may) expect(reply.may, said).toEqual(resourceActions.slice(0, strength(most) + 1))
    const access = await anySend(client, 'access.getAccess', { params: { kind: row.kind, id: made.id } })
    expect(access.status, said).toBe(most === null ? 404 : 200)
    if (row.list) expect((await ids(client, row, at.id)).includes(made.id), said).toBe(most !== null)
    if (row.found && reply.name) {
      const { items } = await client.call('home.search', { query: { q: reply.name } })
      expect(
        items.some(({ id }) => id === made.id),
        said,
      ).toBe(true)
    }
    if (who === 'owner') continue
    const version = await versionOf(row, made.id)
    const body = row.change.body ? { body: row.change.body(version) } : {}
    const changed = await anySend(client, row.change.route, { ...params, ...body })
    const may = strength(most) >= strength(row.change.action)
    if (may) expect([200, 204, 409], said).toContain(changed.status)
    else expect(changed.status, said).toBe(most === null ? 404 : 403)
  }
}

test('every kind that can be shared is tried', async () => {
  const { accessKinds } = await import('@anneal/contract')
  expect(table.map(({ kind }) => kind).toSorted()).toEqual([...accessKinds].toSorted())
})

describe.each(table)('a $kind', (row) => {
  const make = () =>
    makeResource({
      server,
      standIn,
      modelId,
      owner: people.owner,
      kind: row.kind,
      visibility: 'private',
    })
  const steps: [Visibility, ResourceAction | null][] = [
    ['private', null],
    ...(isPersonal(row.kind) ? (['use'] as const) : resourceActions).map(
      (action) => ['groups', action] as [Visibility, ResourceAction],
    ),
    ['everyone', null],
    ['private', isPersonal(row.kind) ? 'use' : 'manage'],
  ]

  test('is read, listed, found and changed by those whom its access names, and by nobody else', async () => {
    const made = await make()
    const at = await parentOf(row, made.id)
    for (const [visibility, action] of steps) {
      await share(at, visibility, action)
      await checkEach(row, made, at, visibility, action)
    }
  })

  test('those who gain and lose sight of it hear so, and nobody else', async () => {
    const made = await make()
    const at = await parentOf(row, made.id)
    const heard = () =>
      Object.fromEntries(
        (Object.keys(people) as (keyof typeof people)[]).map((who) => [
          who,
          tabs[who].changes(row.kind, made.id).length,
        ]),
      ) as Record<keyof typeof people, number>
    const action = 'use'
    let before = heard()
    await share(at, 'groups', action)
    await until(() => heard().member > before.member && heard().grantee > before.grantee, {
      what: 'the gain',
    })
    before = heard()
    await share(at, 'private', null)
    await until(() => heard().member > before.member && heard().grantee > before.grantee, {
      what: 'the loss',
    })
    before = heard()
    await share(at, 'everyone', null)
    await until(() => heard().stranger > before.stranger, { what: 'everyone' })
    before = heard()
    await share(at, 'groups', action)
    await until(() => heard().stranger > before.stranger, { what: 'its end' })
    const last = heard()
    await share(at, 'private', action)
    await until(() => heard().owner > last.owner && heard().member > last.member, { what: 'private again' })
    expect(heard().stranger).toBe(last.stranger)
  })

  test('what reached someone by a group goes with the group, and comes back with it', async () => {
    const made = await make()
    const at = await parentOf(row, made.id)
    await share(at, 'groups', 'use')
    const reads = async () =>
      (await anySend(people.member.client, row.read, { params: { id: made.id } })).status
    expect(await reads()).toBe(200)
    const params = { id: groupId }
    const change = (body: object) =>
      administrator.call('access.changeGroupMembers', { params, body } as never)
    await change({ remove: [people.member.id] })
    expect(await reads()).toBe(404)
    await change({ add: [{ userId: people.member.id }] })
    expect(await reads()).toBe(200)
    const { version } = await administrator.call('access.getGroup', { params })
    await administrator.call('access.deleteGroup', { params, query: { version } })
    expect(await reads()).toBe(404)
    await administrator.call('access.restoreGroup', { params })
    expect(await reads()).toBe(200)
    await until(() => tabs.member.closed, { what: 'the socket of who was taken out' })
    tabs.member = await Tab.open(people.member.client)
  })

  test('only who manages it shares it, from its present state, and the audit says with whom', async () => {
    const made = await make()
    const params = await parentOf(row, made.id)
    const own = { params: { kind: row.kind, id: made.id } }
    await share(params, 'groups', 'use')
    const body = { version: 2, visibility: 'everyone' as const, grants: [] }
    const { member, stranger, owner } = people
    expect((await refusal(member.client.call('access.setAccess', { params, body }))).status).toBe(403)
    expect((await refusal(stranger.client.call('access.setAccess', { params, body }))).status).toBe(404)
    const stale = await refusal(
      owner.client.call('access.setAccess', { params, body: { ...body, version: 1 } }),
    )
    expect([stale.status, stale.code]).toEqual([409, 'platform.stale-version'])
    expect(stale.problem['current']).toMatchObject({ visibility: 'groups', version: 2 })
    if (row.kind === 'tracked-run') {
      const follows = await refusal(owner.client.call('access.setAccess', { ...own, body }))
      expect(follows.code).toBe('access.follows')
    }
    const bad = { subject: { kind: 'user' as const, id: '00000000-0000-7000-8000-000000000000' } }
    const unknown = await refusal(
      owner.client.call('access.setAccess', {
        params,
        body: { ...body, grants: [{ ...bad, action: 'use' }] },
      }),
    )
    expect(unknown.code).toBe('access.subject-not-found')
    if (isPersonal(row.kind)) {
      const grants = [{ subject: { kind: 'group' as const, id: groupId }, action: 'edit' as const }]
      const refused = await refusal(
        owner.client.call('access.setAccess', { params, body: { ...body, grants } }),
      )
      expect(refused.code).toBe('access.read-only')
    }
    const rows = (await audit(administrator)).filter(({ action }) => action === 'access.changed')
    expect(rows[0]).toMatchObject({ details: { visibility: 'groups', before: 'private' } })
    expect(JSON.stringify(rows[0])).toContain(people.grantee.email)
    // Who may only read it is told of what reaches them, and of nobody else.
    const seen = await member.client.call('access.getAccess', { params })
    expect(seen.grants.map(({ subject }) => subject.id)).toEqual([groupId])
  })

  test('is handed over by its owner to someone who may own it', async () => {
    const made = await make()
    const params = await parentOf(row, made.id)
    await share(params, 'groups', 'use')
    const { owner, stranger, member } = people
    const body = { version: 2, ownerId: stranger.id, keep: 'read' as const }
    expect((await refusal(member.client.call('access.handOver', { params, body }))).status).toBe(403)
    const handed = owner.client.call('access.handOver', { params, body })
    if (isPersonal(row.kind)) return expect((await refusal(handed)).code).toBe('access.read-only')
    expect(await handed).toMatchObject({ owner: { id: stranger.id }, may: ['read'] })
    const now = await stranger.client.call('access.getAccess', { params: { kind: row.kind, id: made.id } })
    expect([now.owner.id, now.may]).toEqual([stranger.id, [...resourceActions]])
    const viewer = await makeUser(server, administrator, 'viewer')
    const refused = await refusal(
      stranger.client.call('access.handOver', {
        params,
        body: { version: now.follows ? 3 : now.version, ownerId: viewer.id, keep: null },
      }),
    )
    expect(refused.code).toBe('access.owner-cannot')
  })
})

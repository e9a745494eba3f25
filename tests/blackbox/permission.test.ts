import type { BuiltinRole, Permission, RouteName } from '@anneal/contract'
import { roles, rolePermissions, routes } from '@anneal/contract'
import type { RouteDefinition } from '@anneal/contract'
import type { ProviderStandIn } from '@anneal/providers/testing'
import { startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { answerOf } from './support/answer.ts'
import { ofNobody, references, resourceRoutes, type ResourceRoute } from './support/resource-routes.ts'
import { makeResource, type Owned, type OwnedKind } from './support/resources.ts'
import { Tab } from './support/socket.ts'
import { addModel, ask, audit, makeUser, refusal, unique, untilEnded } from './support/world.ts'

const names = Object.keys(routes) as RouteName[]
const definitionOf = (name: RouteName): RouteDefinition => routes[name]

/** What nobody but its owner reads, whatever their role. */
const isPersonal = (kind: OwnedKind): boolean =>
  ['conversation', 'comparison', 'generation', 'api-key', 'passkey'].includes(kind)

/** What nobody shares: whoever manages people does so by their role alone. */
const isOfPeople = (kind: OwnedKind): boolean =>
  kind === 'user' || kind === 'session' || kind === 'invitation' || kind === 'group'

const mayCall = (role: BuiltinRole, permission: RouteDefinition['permission']): boolean =>
  permission === 'public' ||
  permission === 'signed-in' ||
  rolePermissions[role].includes(permission as Permission)

let server: TestServer
let standIn: ProviderStandIn
let administrator: Client
const clients = {} as Record<BuiltinRole, Client>
let modelId: string
let owners: Record<'member' | 'manager', Awaited<ReturnType<typeof makeUser>>>

beforeAll(async () => {
  standIn = await startProviderStandIn()
  // No Python: whoever may prepare the engine is told so, and nothing is downloaded.
  server = await startServer({ env: { ANNEAL_PYTHON: '/bin/false' } })
  administrator = await server.adminClient()
  const made = await Promise.all(roles.map((role) => makeUser(server, administrator, role)))
  roles.forEach((role, index) => (clients[role] = made[index]!.client))
  owners = {
    member: await makeUser(server, administrator, 'member'),
    manager: await makeUser(server, administrator, 'manager'),
  }
  modelId = (await addModel(administrator, standIn)).id
})
afterAll(async () => {
  await server?.close()
  await standIn?.close()
})

describe('who is let in', () => {
  test('a key without `tracking` opens no SwanLab session; an unknown one neither', async () => {
    const { key } = await administrator.call('auth.createKey', {
      body: { name: unique('key'), scopes: ['gateway', 'api:read', 'api:write'] },
    })
    for (const authorization of [key, 'x'.repeat(21), 'nonsense']) {
      const { status } = await answerOf(
        await server.client().send('swanlab.login', { body: {} }, { headers: { authorization } }),
      )
      expect(status).toBe(401)
    }
  })

  test('a bad token is told apart from a bad path, and lets nobody in', async () => {
    const client = server.client()
    for (const token of ['nonsense', 'x'.repeat(21), `${administrator.token}x`]) {
      client.token = token
      expect((await refusal(client.call('auth.me'))).status).toBe(401)
    }
    client.token = administrator.token
    expect((await answerOf(await client.fetch('/api/v1/no-such'))).code).toBe('platform.no-such-route')
  })

  test('a refusal of someone signed in is in the audit, of nobody it is not', async () => {
    const { id, client } = await makeUser(server, administrator, 'viewer')
    await refusal(client.call('auth.listUsers'))
    await refusal(server.client().call('auth.listUsers'))
    const rows = (await audit(administrator)).filter(({ action }) => action === 'auth.listUsers')
    const mine = rows.filter(({ actorId }) => actorId === id)
    expect(mine).toMatchObject([
      { outcome: 'refused', actorKind: 'user', details: { code: 'auth.forbidden' } },
    ])
    expect(rows.some(({ actorKind }) => actorKind === 'nobody')).toBe(false)
  })
})

describe("another's resource", () => {
  const rows: Partial<Record<RouteName, ResourceRoute>> = resourceRoutes
  const withId = names.filter((name) => rows[name])

  test('no route to a resource is left out', () => {
    const named = names.filter((name) => {
      const { path } = definitionOf(name)
      return path.startsWith('/api/v1/') && /:\w*id\b/i.test(path)
    })
    expect(named.filter((name) => !rows[name]).toSorted()).toEqual(ofNobody.toSorted())
  })

  /** Of a group that none of them is in: whoever may read users knows of it, who manages groups changes it. */
  function groupAnswer(name: RouteName, role: BuiltinRole): number | null {
    if (role === 'administrator') return null
    if (role !== 'manager') return 404
    return rows[name]!.action === 'read' ? null : 403
  }

  /** What an asker of this role gets; `null`: it is let through to the work. */
  function expected(name: RouteName, role: BuiltinRole, visibility: 'private' | 'everyone'): number | null {
    const { kind, action } = rows[name]!
    if (!mayCall(role, definitionOf(name).permission)) return 403
    // Closed by a setting: who holds the permission is told no more of the conversation than anyone.
    if (name === 'access.openOthers') return 403
    if (isPersonal(kind)) return 404
    if (kind === 'group') return groupAnswer(name, role)
    if (kind === 'user' || kind === 'invitation') return null
    if (role === 'administrator') return null
    if (visibility === 'private') return 404
    if (action === 'read' || action === 'use') return null
    // Looking after what is shared gives nothing away.
    if (name === 'access.handOver') return 403
    return role === 'manager' ? null : 403
  }

  async function check(name: RouteName, visibility: 'private' | 'everyone'): Promise<void> {
    const { kind, deleted, input } = rows[name]!
    const owner = kind === 'connection' || kind === 'model' || kind === 'deployment' ? 'manager' : 'member'
    for (const role of roles) {
      const owned: Owned = await makeResource({
        server,
        standIn,
        modelId,
        owner: owners[owner],
        kind,
        visibility,
        deleted,
      })
      const answer = await answerOf(await clients[role].send(name, input(owned)))
      const wanted = expected(name, role, visibility)
      const said = `${name} by ${role} of a ${visibility} ${kind}: ${answer.status} ${answer.code}`
      if (wanted === null) expect([401, 403, 404, 500], said).not.toContain(answer.status)
      else expect(answer.status, said).toBe(wanted)
      if (wanted === 404) expect(answer.code, said).toMatch(/not-found$/)
      const own = await answerOf(await owners[owner].client.send(name, input(owned)))
      if (wanted !== null && mayCall(owner, definitionOf(name).permission))
        expect([401, 403, 404, 500], `${said}; its owner: ${own.code}`).not.toContain(own.status)
    }
  }

  const shareable = withId.filter((name) => {
    const kind = rows[name]?.kind
    return !kind || !(isPersonal(kind) || isOfPeople(kind))
  })
  test.each(withId)('%s: a private one', (name) => check(name, 'private'))
  test.each(shareable)('%s: one that everyone sees', (name) => check(name, 'everyone'))

  test.each(Object.entries(references))('%s: named in a body', async (route, reference) => {
    const { kind, input } = reference
    const owner = kind === 'connection' || kind === 'model' || kind === 'deployment' ? 'manager' : 'member'
    const owned = await makeResource({
      server,
      standIn,
      modelId,
      owner: owners[owner],
      kind,
      visibility: 'private',
    })
    const asker = owner === 'manager' || route.startsWith('deployments') ? clients.manager : clients.member
    const { id: ownConversationId } = await asker.call('chat.createConversation', { body: {} })
    const sent = asker.send(route.split(' ')[0] as RouteName, input({ ...owned, ownConversationId }))
    const answer = await answerOf(await sent)
    expect(answer.status, `${route}: ${answer.code}`).toBe(404)
  })

  test('lists hold what the asker may see, and nothing else', async () => {
    const lists = {
      dataset: 'datasets.list',
      prompt: 'prompts.list',
      model: 'models.list',
      'training-run': 'training.list',
      deployment: 'deployments.list',
    } as const
    for (const [kind, list] of Object.entries(lists)) {
      const owner = kind === 'model' || kind === 'deployment' ? owners.manager : owners.member
      const make = (visibility: 'private' | 'everyone') =>
        makeResource({ server, standIn, modelId, owner, kind: kind as keyof typeof lists, visibility })
      const [hidden, shown] = [await make('private'), await make('everyone')]
      for (const role of roles) {
        const ids = (await clients[role].call(list, { query: { limit: 200 } })).items.map(({ id }) => id)
        expect(ids.includes(shown.id), `${role} ${kind}`).toBe(true)
        expect(ids.includes(hidden.id), `${role} ${kind}`).toBe(role === 'administrator')
      }
    }
  })
})

describe('conversations', () => {
  test('nobody reads those of others: no list, no search, no change, no topic tells of them', async () => {
    const model = await addModel(owners.manager.client, standIn)
    const word = unique('zebra').replace('-', '')
    const tabs = await Promise.all(roles.map((role) => Tab.open(clients[role])))
    const asked = await ask(owners.member.client, model.id, `${word} is the word`)
    await untilEnded(owners.member.client, asked.generationId)
    await owners.member.client.call('chat.updateConversation', {
      params: { id: asked.conversationId },
      body: { version: 1, title: word },
    })
    for (const [index, role] of roles.entries()) {
      const tab = tabs[index]!
      tab.watch('generation', asked.generationId)
      await until(() => tab.of('refused').length > 0 || tab.closed, { what: 'a refusal' })
      expect(tab.of('refused')).toMatchObject([{ topic: 'generation', id: asked.generationId }])
      expect(tab.changes('conversation', asked.conversationId), role).toEqual([])
      expect(tab.of('generation')).toEqual([])
      tab.close()
      if (role === 'viewer') continue
      const { items } = await clients[role].call('chat.listConversations', { query: { search: word } })
      expect(items, role).toEqual([])
      expect(JSON.stringify(await clients[role].call('home.get'))).not.toContain(word)
    }
    const { items } = await owners.member.client.call('chat.listConversations', { query: { search: word } })
    expect(items.map(({ id }) => id)).toEqual([asked.conversationId])
    expect(JSON.stringify(await audit(administrator))).not.toContain(`${word} is the word`)
  })
})

test('a viewer calls no model, in whatever way', async () => {
  const model = await addModel(owners.manager.client, standIn)
  const before = standIn.requests.length
  const { viewer } = clients
  const messages = [{ role: 'user' as const, content: 'Hello' }]
  const refusals = await Promise.all(
    [
      viewer.call('generations.start', { body: { modelId: model.id, messages } }),
      viewer.call('chat.createConversation', { body: { modelId: model.id } }),
      viewer.call('models.test', { body: { modelId: model.id } }),
      viewer.call('models.offered', { body: { connectionId: model.connectionId } }),
    ].map(refusal),
  )
  expect(refusals.map(({ code }) => code)).toEqual(refusals.map(() => 'auth.forbidden'))
  expect((await viewer.call('models.get', { params: { id: model.id } })).may).toEqual(['read'])
  expect(standIn.requests).toHaveLength(before)
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CallError, Client } from '../../../../../tests/support/client.ts'
import type { TestServer } from '../../../../../tests/support/server.ts'
import { startServer } from '../../../../../tests/support/server.ts'
import { testDialects } from '../../platform/db/testing.ts'

const password = 'orange kettle sings at dawn'
const text = 'You help {{role}} on line {{line}}.'
const first = { text, message: 'First', variables: [{ name: 'role', default: 'an operator' }] }

type Caught = Partial<Pick<CallError, 'status' | 'code' | 'problem'>>
const caught = (promise: Promise<unknown>): Promise<Caught> =>
  promise.then(
    () => ({}),
    (error: CallError) => error,
  )
const codeOf = async (promise: Promise<unknown>) => {
  const { status, code } = await caught(promise)
  return `${status} ${code}`
}

describe.each(testDialects())('prompts on %s', (database) => {
  let server: TestServer
  let admin: Client
  let manager: Client
  let member: Client
  let other: Client
  let viewer: Client

  async function person(role: 'manager' | 'member' | 'viewer', name: string = role): Promise<Client> {
    const email = `${name}@example.com`
    await admin.call('auth.createUser', { body: { email, role, password } })
    const client = server.client()
    await client.signIn(email, password)
    return client
  }
  beforeAll(async () => {
    server = await startServer({ database })
    admin = await server.adminClient()
    manager = await person('manager')
    member = await person('member')
    other = await person('member', 'other')
    viewer = await person('viewer')
  }, 60_000)
  afterAll(() => server?.close())

  let made = 0
  const create = (client: Client, body: object = {}) =>
    client.call('prompts.create', {
      body: { name: `prompt-${++made}`, visibility: 'everyone', ...first, ...body },
    })
  const save = (client: Client, id: string, basedOn: number, body: object = {}) =>
    client.call('prompts.saveVersion', { params: { id }, body: { basedOn, ...first, ...body } })
  const move = (client: Client, id: string, from: number | null, to: number, reason = 'it is better') =>
    client.call('prompts.moveLabel', { params: { id, label: 'production' }, body: { from, to, reason } })
  const actions = async (target: string) =>
    (await admin.call('admin.audit', { query: { target } })).items.map((row) => row.action)

  test('a prompt has versions that stay as they were saved', async () => {
    const prompt = await create(member, { description: 'Answers by mail', folder: 'Support' })
    expect(prompt).toMatchObject({ newest: 1, labels: [], folder: 'Support', version: 1 })
    const saved = await save(member, prompt.id, 1, {
      text: 'Only {{line}} 中文 🙂',
      variables: [{ name: 'line', description: 'which line' }],
      message: 'Shorter',
    })
    expect(saved).toMatchObject({
      number: 2,
      message: 'Shorter',
      authorName: 'member',
      variables: [{ name: 'line', default: null, description: 'which line' }],
    })
    const before = await viewer.call('prompts.version', { params: { id: prompt.id, number: 1 } })
    expect(before).toMatchObject({
      text,
      variables: [
        { name: 'role', default: 'an operator', description: '' },
        { name: 'line', default: null, description: '' },
      ],
    })
    const { items, nextCursor } = await viewer.call('prompts.versions', {
      params: { id: prompt.id },
      query: { limit: 1 },
    })
    expect(items.map((version) => version.number)).toEqual([2])
    const rest = await viewer.call('prompts.versions', {
      params: { id: prompt.id },
      query: { cursor: nextCursor ?? '' },
    })
    expect([rest.items.map((version) => version.number), rest.nextCursor]).toEqual([[1], null])
    expect(await actions(prompt.id)).toEqual(['prompt.version-saved', 'prompt.created'])
  })

  test('of two who save at once, the later gets what is there now, and loses nothing', async () => {
    const { id } = await create(member)
    const [one, two] = await Promise.all(
      ['Mine', 'Also mine'].map((written) => caught(save(member, id, 1, { text: written, variables: [] }))),
    )
    const lost = one?.status ? one : two
    expect([one?.status, two?.status].filter(Boolean)).toEqual([409])
    expect(lost?.code).toBe('platform.stale-version')
    expect(lost?.problem?.['current']).toMatchObject({ prompt: { newest: 2 }, newest: { number: 2 } })
    expect((await save(member, id, 2, { text: 'Mine, once more', variables: [] })).number).toBe(3)
  })

  test('what is described but stands nowhere in the text is refused by name', async () => {
    const { id } = await create(member)
    const refused = await caught(save(member, id, 1, { variables: [{ name: 'nobody' }] }))
    expect([refused.status, refused.code]).toEqual([422, 'prompts.variable-unknown'])
    expect(JSON.stringify(refused.problem)).toContain('nobody')
  })

  test.each([
    ['an empty text', { text: '  ' }],
    ['a name with a slash', { name: 'a/b' }],
    ['a name of dots', { name: '..' }],
    ['a name that is too long', { name: 'x'.repeat(101) }],
    ['a variable with a blank', { variables: [{ name: 'a b' }] }],
    ['a text beyond the limit', { text: 'x'.repeat(100_001) }],
  ])('%s is refused at its field', async (_, body) => {
    const refused = await caught(create(member, body))
    expect([refused.status, refused.code]).toEqual([422, 'platform.invalid-input'])
  })

  test('names are free again once their prompt is deleted, and a deletion can be undone', async () => {
    const { id, name } = await create(member)
    expect(await codeOf(create(other, { name: name.toUpperCase() }))).toBe('409 prompts.name-taken')
    await member.call('prompts.delete', { params: { id } })
    expect(await codeOf(member.call('prompts.get', { params: { id } }))).toBe('404 prompts.not-found')
    await create(other, { name })
    const restored = await member.call('prompts.restore', { params: { id } })
    expect(restored.name).toBe(`${name}-2`)
    expect(await codeOf(member.call('prompts.restore', { params: { id } }))).toBe('404 prompts.not-found')
  })

  test('a rename names the version it has seen', async () => {
    const prompt = await create(member)
    const update = (version: number, body: object) =>
      member.call('prompts.update', { params: { id: prompt.id }, body: { version, ...body } })
    const renamed = await update(1, { name: `${prompt.name} renamed`, folder: '', description: 'new' })
    expect(renamed).toMatchObject({ version: 2, folder: null, description: 'new' })
    const stale = await caught(update(1, { name: 'else' }))
    expect([stale.code, (stale.problem?.['current'] as { name: string } | undefined)?.name]).toEqual([
      'platform.stale-version',
      renamed.name,
    ])
    const taken = await create(member)
    expect(await codeOf(update(2, { name: taken.name }))).toBe('409 prompts.name-taken')
  })

  test('who may do what: the owner writes, a manager publishes, others read, a private one is not there', async () => {
    const shared = await create(member)
    const { id } = shared
    expect((await other.call('prompts.get', { params: { id } })).may).toEqual(['read', 'use'])
    const params = { id }
    const refusals = [
      () => save(other, id, 1),
      () => save(viewer, id, 1),
      () => move(member, id, null, 1),
      () => other.call('prompts.delete', { params }),
      () => other.call('prompts.update', { params, body: { version: 1, folder: 'x' } }),
      () => other.call('prompts.archiveVersion', { params: { id, number: 1 } }),
      () => create(viewer),
    ]
    for (const refused of refusals) expect(await codeOf(refused())).toBe('403 auth.forbidden')
    const hidden = await create(member, { visibility: 'private' })
    expect(await codeOf(manager.call('prompts.get', { params: { id: hidden.id } }))).toBe(
      '404 prompts.not-found',
    )
    expect(await codeOf(move(manager, hidden.id, null, 1))).toBe('404 prompts.not-found')
    const ofName = (name: string) => manager.call('prompts.list', { query: { name } })
    expect((await ofName(hidden.name)).items).toEqual([])
    expect((await ofName(shared.name.toUpperCase())).items.map((item) => item.id)).toEqual([id])
  })

  test('production moves with a reason, which is kept', async () => {
    const { id, name } = await create(member)
    await save(member, id, 1, { text: 'Second', variables: [] })
    const byName = (query: object = {}) => viewer.call('prompts.byName', { params: { name }, query })
    expect(await codeOf(byName())).toBe('409 prompts.no-production')
    expect((await byName({ version: 2 })).text).toBe('Second')
    expect(await codeOf(byName({ version: 9 }))).toBe('404 prompts.version-not-found')
    expect(await codeOf(move(manager, id, null, 1, '  '))).toBe('422 platform.invalid-input')
    expect((await move(manager, id, null, 1, 'begins')).labels).toMatchObject([
      { label: 'production', version: 1 },
    ])
    expect(await byName()).toMatchObject({ version: 1, text, labels: ['production'] })
    await move(manager, id, 1, 2, 'tried on ten mails')
    const stale = await caught(move(admin, id, 1, 2))
    expect(stale.code).toBe('platform.stale-version')
    expect((stale.problem?.['current'] as { labels: unknown[] } | undefined)?.labels).toMatchObject([
      { version: 2 },
    ])
    const moves = await viewer.call('prompts.labelMoves', {
      params: { id, label: 'production' },
      query: { limit: 1 },
    })
    expect(moves.items).toMatchObject([
      { from: 1, to: 2, reason: 'tried on ten mails', movedByName: 'manager' },
    ])
    const earlier = await viewer.call('prompts.labelMoves', {
      params: { id, label: 'production' },
      query: { cursor: moves.nextCursor ?? '' },
    })
    expect(earlier.items).toMatchObject([{ from: null, to: 1, reason: 'begins' }])
    expect((await actions(id)).filter((action) => action === 'prompt.label-moved')).toHaveLength(2)
  })

  test('a label does not move to what was just archived, and what carries it is not archived', async () => {
    const { id } = await create(member)
    await save(member, id, 1)
    const archive = (number: number) => member.call('prompts.archiveVersion', { params: { id, number } })
    expect((await archive(2)).archivedAt).not.toBeNull()
    expect(await codeOf(move(manager, id, null, 2))).toBe('409 prompts.version-archived')
    await move(manager, id, null, 1)
    expect(await codeOf(archive(1))).toBe('409 prompts.version-labelled')
    await member.call('prompts.restoreVersion', { params: { id, number: 2 } })
    await move(manager, id, 1, 2)
    expect(await codeOf(move(manager, id, 2, 7))).toBe('404 prompts.version-not-found')
  })

  test('of a move and an archiving at once, one wins and the other is refused in words', async () => {
    const { id } = await create(member)
    await save(member, id, 1)
    const [moved, archived] = await Promise.all([
      codeOf(move(manager, id, null, 2)),
      codeOf(member.call('prompts.archiveVersion', { params: { id, number: 2 } })),
    ])
    const outcome = [moved, archived].filter((code) => !code.startsWith('undefined'))
    expect(outcome).toHaveLength(1)
    expect(['409 prompts.version-archived', '409 prompts.version-labelled']).toContain(outcome[0])
  })

  test('search finds words and pairs of characters in names and newest texts, of what one may see', async () => {
    const shared = await create(member, { text: 'Follow the zebra protocol, 客服回复规范', variables: [] })
    const hidden = await create(member, { text: 'Zebra in private', variables: [], visibility: 'private' })
    const found = async (client: Client, search: string, query: object = {}) =>
      (await client.call('prompts.list', { query: { search, ...query } })).items.map((item) => item.id)
    expect(await found(member, 'zebra')).toEqual([hidden.id, shared.id])
    expect(await found(other, 'zeb')).toEqual([shared.id])
    expect(await found(other, '回复')).toEqual([shared.id])
    expect(await found(other, '复回')).toEqual([])
    expect(await found(other, shared.name)).toContain(shared.id)
    expect(await found(other, '!?')).toEqual([])
    await save(member, shared.id, 1, { text: 'Follow the okapi protocol', variables: [] })
    expect(await found(other, 'zebra')).toEqual([])
    expect(await found(other, 'okapi', { label: 'production' })).toEqual([])
    await move(manager, shared.id, null, 1)
    expect(await found(other, 'okapi', { label: 'production' })).toEqual([shared.id])
    expect(await found(other, 'okapi', { label: 'none' })).toEqual([])
  })

  test('the list goes on by its cursor, the last changed first', async () => {
    const ids: string[] = []
    for (let at = 0; at < 3; at++) ids.push((await create(member, { text: 'quagga', variables: [] })).id)
    const seen: string[] = []
    for (let cursor: string | undefined | null; cursor !== null;) {
      const page: Awaited<ReturnType<typeof listed>> = await listed(cursor)
      seen.push(...page.items.map((item) => item.id))
      cursor = page.nextCursor
    }
    function listed(cursor: string | undefined) {
      return member.call('prompts.list', { query: { search: 'quagga', limit: 2, cursor } })
    }
    expect(seen).toEqual(ids.toReversed())
  })

  test('the sample is made in the language asked for, twice under two names; a duplicate is one’s own', async () => {
    const sample = await member.call('prompts.addSample', {}, { headers: { 'accept-language': 'zh-CN' } })
    const again = await member.call('prompts.addSample', {}, { headers: { 'accept-language': 'zh-CN' } })
    expect([sample.name, again.name]).toEqual(['客服回复', '客服回复-2'])
    const from = await create(member)
    const copy = await other.call('prompts.duplicate', { params: { id: from.id }, body: {} })
    expect(copy).toMatchObject({
      name: `${from.name}-2`,
      ownerName: 'other',
      visibility: 'private',
      newest: 1,
    })
    const version = await other.call('prompts.version', { params: { id: copy.id, number: 1 } })
    expect(version).toMatchObject({
      text,
      variables: [{ name: 'role', default: 'an operator' }, { name: 'line' }],
    })
    const hidden = await create(member, { visibility: 'private' })
    expect(await codeOf(other.call('prompts.duplicate', { params: { id: hidden.id }, body: {} }))).toBe(
      '404 prompts.not-found',
    )
    expect(await codeOf(viewer.call('prompts.addSample', {}))).toBe('403 auth.forbidden')
  })
})

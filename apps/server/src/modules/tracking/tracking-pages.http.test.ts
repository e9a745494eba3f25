import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SdkSession } from '../../../../../scripts/seed/sdk-session.ts'
import type { CallError, Client } from '../../../../../tests/support/client.ts'
import type { TestServer } from '../../../../../tests/support/server.ts'
import { startServer } from '../../../../../tests/support/server.ts'

const password = 'orange kettle sings at dawn'

interface Logged {
  name: string
  config?: Record<string, unknown>
  loss?: number | string
  labels?: string[]
  end?: 'FINISHED' | 'CRASHED'
  startedAt?: number
}

describe('what the pages of tracking ask for', () => {
  let server: TestServer
  let member: Client
  let other: Client
  let viewer: Client
  let sdk: SdkSession
  let projectId: string

  async function person(admin: Client, email: string, role: 'member' | 'viewer'): Promise<Client> {
    await admin.call('auth.createUser', { body: { email, role, password } })
    const client = server.client()
    await client.signIn(email, password)
    return client
  }
  const projectNamed = async (client: Client, name: string) =>
    client.call('tracking.findProject', { params: { workspace: sdk.workspace, project: name } })

  async function logRun(project: string, run: Logged) {
    const made = await sdk.startRun(project, run)
    if (run.config) await made.profile({ config: run.config })
    if (run.loss !== undefined)
      await made.scalars([{ key: 'train/loss', index: 1, data: run.loss, at: Date.now() }])
    if (run.end) await made.end(run.end)
    return made
  }
  const codeOf = async (promise: Promise<unknown>) => {
    const error = await promise.then(
      () => undefined,
      (thrown: CallError) => thrown,
    )
    return error && `${error.status} ${error.code}`
  }
  const listed = async (query: Record<string, unknown>, client = member, id = projectId) => {
    const { items } = await client.call('tracking.runs', { params: { id }, query: query as never })
    return items.map(({ name }) => name)
  }

  beforeAll(async () => {
    server = await startServer()
    const admin = await server.adminClient()
    member = await person(admin, 'member@example.com', 'member')
    other = await person(admin, 'other@example.com', 'member')
    viewer = await person(admin, 'viewer@example.com', 'viewer')
    sdk = await SdkSession.open(member)
    await sdk.send('POST', `/projects/${sdk.workspace}`, { name: 'support', visibility: 'PRIVATE' })
    const hour = 3_600_000
    await logRun('support', {
      name: 'alpha 9',
      config: { lr: 2e-4, method: 'sft' },
      loss: 0.5,
      end: 'FINISHED',
      startedAt: Date.now() - 3 * hour,
    })
    await logRun('support', {
      name: 'Alpha 10',
      config: { lr: 1e-3, nested: { seed: 7 } },
      loss: 0.25,
      labels: ['best'],
      end: 'CRASHED',
      startedAt: Date.now() - hour,
    })
    await logRun('support', { name: 'beta', config: { lr: 5e-6 }, loss: 'NaN' })
    projectId = (await projectNamed(member, 'support')).id
  }, 60_000)
  afterAll(() => server?.close())

  test('projects are counted, found by name, and shown to those who may see them', async () => {
    const { items } = await member.call('tracking.projects', { query: { search: 'SUPP' } })
    expect(items).toMatchObject([
      { id: projectId, name: 'support', workspace: sdk.workspace, runs: 3, live: 1, visibility: 'private' },
    ])
    expect(items[0]?.may).toEqual(['read', 'use', 'edit', 'manage'])
    expect((await member.call('tracking.projects', { query: { search: '%' } })).items).toEqual([])
    expect((await member.call('tracking.projects', { query: { workspace: 'nobody' } })).items).toEqual([])
    expect((await other.call('tracking.projects', {})).items).toEqual([])
    expect(await codeOf(projectNamed(other, 'support'))).toBe('404 tracking.project-not-found')
  })

  test('projects come in pages, newest activity first', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) await sdk.project(name)
    const names: string[] = []
    let cursor: string | undefined
    do {
      const page = await member.call('tracking.projects', { query: { limit: 2, cursor } })
      names.push(...page.items.map((project) => project.name))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(names.toSorted()).toEqual(['page-a', 'page-b', 'page-c', 'support'])
    expect(new Set(names).size).toBe(4)
  })

  test.each([
    [{}, ['beta', 'Alpha 10', 'alpha 9']],
    [{ sort: 'name', order: 'up' }, ['alpha 9', 'Alpha 10', 'beta']],
    [{ sort: 'duration', order: 'down' }, ['alpha 9', 'Alpha 10', 'beta']],
    [{ sort: 'value', by: 'train/loss', order: 'up' }, ['Alpha 10', 'alpha 9', 'beta']],
    [{ sort: 'value', by: '__proto__', order: 'up' }, ['beta', 'Alpha 10', 'alpha 9']],
    [{ sort: 'setting', by: 'lr', order: 'down' }, ['Alpha 10', 'alpha 9', 'beta']],
    [{ search: 'ALPHA' }, ['Alpha 10', 'alpha 9']],
    [{ search: 'best' }, ['Alpha 10']],
    [{ search: 'lr >= 2e-4, nested.seed = 7' }, ['Alpha 10']],
    [{ search: 'method = sft' }, ['alpha 9']],
    [{ state: 'running' }, ['beta']],
    [{ state: 'crashed' }, ['Alpha 10']],
  ])('runs by %j', async (query, names) => expect(await listed(query)).toEqual(names))

  test('runs come in pages with the values asked for; one that is no number has none', async () => {
    const params = { id: projectId }
    const query = { limit: 2, sort: 'name', order: 'up', keys: '["train/loss","absent"]' } as const
    const first = await member.call('tracking.runs', { params, query })
    const cursor = first.nextCursor ?? ''
    const second = await member.call('tracking.runs', { params, query: { ...query, cursor } })
    expect(
      [...first.items, ...second.items].map(({ name, values, colour }) => [name, values, colour]),
    ).toEqual([
      ['alpha 9', [0.5, null], 0],
      ['Alpha 10', [0.25, null], 1],
      ['beta', [null, null], 2],
    ])
    expect([first.total, second.nextCursor]).toEqual([3, null])
    expect(await codeOf(member.call('tracking.runs', { params, query: { keys: '{"a":1}' } }))).toBe(
      '422 platform.invalid-input',
    )
  })

  test('what can be a column', async () => {
    await sdk.send('POST', `/projects/${sdk.workspace}/support/series`, {
      series: [{ key: 'train/loss', type: 'FLOAT', sectionName: 'Fitting', xAxis: '_step', hidden: true }],
    })
    const keys = await member.call('tracking.projectKeys', { params: { id: projectId } })
    expect(keys.metrics).toEqual([
      {
        key: 'train/loss',
        type: 'FLOAT',
        runs: 3,
        name: null,
        section: 'Fitting',
        xAxis: '_step',
        hidden: true,
      },
    ])
    expect(keys.settings.toSorted()).toEqual(['lr', 'method', 'nested.seed'])
    expect(await codeOf(other.call('tracking.projectKeys', { params: { id: projectId } }))).toBe(
      '404 tracking.project-not-found',
    )
  })

  test('a run by its id, and by the id of its SDK', async () => {
    const made = await logRun('support', { name: 'found', config: { a: { b: [1, 2] } } })
    const names = { workspace: sdk.workspace, project: 'support' }
    const run = await member.call('tracking.findRun', { params: { ...names, run: made.id } })
    expect(run).toMatchObject({ name: 'found', runId: made.id, config: { a: { b: [1, 2] } } })
    expect(run.settings).toEqual([{ key: 'a.b', value: '[1,2]' }])
    expect(await member.call('tracking.findRun', { params: { ...names, run: run.id } })).toEqual(run)
    expect(await member.call('tracking.run', { params: { id: run.id } })).toEqual(run)
    for (const params of [
      { ...names, run: 'absent' },
      { ...names, project: 'absent', run: run.id },
    ])
      expect(await codeOf(member.call('tracking.findRun', { params }))).toBe('404 tracking.run-not-found')
    expect(await codeOf(other.call('tracking.run', { params: { id: run.id } }))).toBe(
      '404 tracking.run-not-found',
    )
  })

  test('a run is changed by its owner alone; a stale change is told what is there now', async () => {
    const made = await logRun('support', { name: 'edited' })
    const params = { workspace: sdk.workspace, project: 'support', run: made.id }
    const { id, version } = await member.call('tracking.findRun', { params })
    const change = (client: Client, body: object) =>
      client.call('tracking.updateRun', { params: { id }, body: body as never })
    const done = await change(member, { version, name: 'renamed', tags: ['a', 'a', 'b'], colour: 5 })
    expect(done).toMatchObject({ name: 'renamed', tags: ['a', 'b'], colour: 5, version: version + 1 })
    const stale = await change(member, { version, name: 'late' }).catch((error: CallError) => error)
    expect(stale).toMatchObject({ status: 409, problem: { current: { name: 'renamed' } } })
    expect(await codeOf(change(other, { version: done.version, name: 'x' }))).toBe(
      '404 tracking.run-not-found',
    )
    expect(await codeOf(change(viewer, { version: done.version, name: 'x' }))).toBe('403 auth.forbidden')
    expect(await codeOf(change(member, { version: done.version, colour: 8 }))).toBe(
      '422 platform.invalid-input',
    )

    await change(member, { version: done.version, visibility: 'everyone' })
    expect((await other.call('tracking.run', { params: { id } })).project.readable).toBe(false)
    expect(await codeOf(change(other, { version: done.version + 1, name: 'x' }))).toBe('403 auth.forbidden')
  })

  test('a run is put away and brought back', async () => {
    const made = await logRun('support', { name: 'fleeting' })
    const names = { workspace: sdk.workspace, project: 'support', run: made.id }
    const { id } = await member.call('tracking.findRun', { params: names })
    expect(await codeOf(other.call('tracking.deleteRun', { params: { id } }))).toBe(
      '404 tracking.run-not-found',
    )
    await member.call('tracking.deleteRun', { params: { id } })
    expect(await listed({ search: 'fleeting' })).toEqual([])
    expect(await codeOf(member.call('tracking.run', { params: { id } }))).toBe('404 tracking.run-not-found')
    expect(await codeOf(member.call('tracking.deleteRun', { params: { id } }))).toBe(
      '404 tracking.run-not-found',
    )
    expect(await codeOf(other.call('tracking.restoreRun', { params: { id } }))).toBe(
      '404 tracking.run-not-found',
    )
    await member.call('tracking.restoreRun', { params: { id } })
    expect(await listed({ search: 'fleeting' })).toEqual(['fleeting'])
  })

  test('a project is shared with its runs, by its owner alone', async () => {
    await sdk.send('POST', `/projects/${sdk.workspace}`, { name: 'shared', visibility: 'PRIVATE' })
    await logRun('shared', { name: 'first' })
    const { id, version } = await projectNamed(member, 'shared')
    const share = (client: Client, body: object) =>
      client.call('tracking.updateProject', { params: { id }, body: body as never })
    expect(await codeOf(share(other, { version, visibility: 'everyone' }))).toBe(
      '404 tracking.project-not-found',
    )
    const shared = await share(member, { version, visibility: 'everyone', description: 'For all' })
    expect(shared).toMatchObject({ visibility: 'everyone', description: 'For all', version: version + 1 })
    expect(await listed({}, other, id)).toEqual(['first'])
    expect(await codeOf(share(other, { version: version + 1, description: 'x' }))).toBe('403 auth.forbidden')
    const stale = await share(member, { version, description: 'late' }).catch((error: CallError) => error)
    expect(stale).toMatchObject({ status: 409, problem: { current: { description: 'For all' } } })
  })

  test('a deleted project gives its name free, and comes back under another where that was taken', async () => {
    await sdk.project('again')
    await logRun('again', { name: 'kept' })
    const { id } = await projectNamed(member, 'again')
    expect(await codeOf(viewer.call('tracking.deleteProject', { params: { id } }))).toBe('403 auth.forbidden')
    expect(await codeOf(other.call('tracking.deleteProject', { params: { id } }))).toBe('403 auth.forbidden')
    await member.call('tracking.deleteProject', { params: { id } })
    expect(await codeOf(projectNamed(member, 'again'))).toBe('404 tracking.project-not-found')
    await sdk.project('again')
    expect((await projectNamed(member, 'again')).id).not.toBe(id)
    const restored = await member.call('tracking.restoreProject', { params: { id } })
    expect(restored).toMatchObject({ name: 'again-2', runs: 1 })
    expect(await listed({}, member, id)).toEqual(['kept'])
  })
})

import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import path from 'node:path'
import type { RouteInput } from '@anneal/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CallError, Client } from '../../../../../tests/support/client.ts'
import type { TestServer } from '../../../../../tests/support/server.ts'
import { startServer } from '../../../../../tests/support/server.ts'
import { until } from '../../../../../tests/support/until.ts'

const row = (at: number) => JSON.stringify({ prompt: `Question ${at}`, completion: `Answer ${at}` })
const password = 'orange kettle sings at dawn'

describe('the routes of datasets', () => {
  let server: TestServer
  let member: Client
  let other: Client
  let viewer: Client

  async function person(admin: Client, email: string, role: 'member' | 'viewer'): Promise<Client> {
    await admin.call('auth.createUser', { body: { email, role, password } })
    const client = server.client()
    await client.signIn(email, password)
    return client
  }
  beforeAll(async () => {
    server = await startServer()
    const admin = await server.adminClient()
    member = await person(admin, 'member@example.com', 'member')
    other = await person(admin, 'other@example.com', 'member')
    viewer = await person(admin, 'viewer@example.com', 'viewer')
  }, 60_000)
  afterAll(() => server?.close())

  const send = (client: Client, name: string, body: string | Uint8Array, visibility = 'private') =>
    client.send('datasets.upload', { query: { name, visibility }, body })
  async function uploaded(client: Client, name: string, body: string, visibility = 'private') {
    const reply = await send(client, name, body, visibility)
    expect(reply.status).toBe(201)
    const { id } = (await reply.json()) as { id: string }
    return checked(client, id)
  }
  async function checked(client: Client, id: string) {
    const get = () => client.call('datasets.get', { params: { id } })
    await until(async () => (await get()).state !== 'checking', { what: 'the end of the check' })
    return get()
  }
  const codeOf = async (promise: Promise<unknown>) => {
    const error = await promise.then(
      () => undefined,
      (thrown: CallError) => thrown,
    )
    return error && `${error.status} ${error.code}`
  }
  const files = () =>
    readdirSync(path.join(server.dataFolder, 'files'), { recursive: true, withFileTypes: true })
  const countFiles = () => files().filter((entry) => entry.isFile()).length

  test('an upload is checked, counted, paged and given back as it came', async () => {
    const lines = Array.from({ length: 500 }, (_, at) => ((at + 1) % 50 === 0 ? `bad ${at}` : row(at + 1)))
    const body = `\uFEFF${lines.join('\r\n')}\r\n\r\n`
    const dataset = await uploaded(member, 'Support', body)
    expect(dataset).toMatchObject({
      state: 'ready',
      progress: 1,
      error: null,
      format: 'prompt-completion',
      rows: 500,
      badRows: 10,
      reasons: [{ code: 'not-json', count: 10, rows: [50, 100, 150] }],
      versionNumber: 1,
      visibility: 'private',
      may: ['read', 'use', 'edit', 'manage'],
    })
    const params = { id: dataset.id }
    const page = await member.call('datasets.rows', { params, query: { from: 48, limit: 3 } })
    expect(page.items.map(({ row: line, position, title }) => [line, position, title])).toEqual([
      [48, 48, 'Question 48'],
      [49, 49, 'Question 49'],
      [51, 50, 'Question 51'],
    ])
    expect(page.next).toBe(52)
    const end = await member.call('datasets.rows', { params, query: { skip: 488, limit: 50 } })
    expect([end.items.map((item) => item.row), end.next]).toEqual([[498, 499], null])
    expect(end.items[1]?.messages).toEqual([
      { role: 'user', content: 'Question 499' },
      { role: 'assistant', content: 'Answer 499' },
    ])
    const bad = await member.call('datasets.badRows', { params, query: { limit: 4 } })
    expect(bad.items[0]).toEqual({ row: 50, reason: { code: 'not-json', params: {} }, excerpt: 'bad 49' })
    const more = await member.call('datasets.badRows', {
      params,
      query: { limit: 200, cursor: bad.nextCursor ?? '' },
    })
    expect([more.items.length, more.nextCursor]).toEqual([6, null])
    const file = await member.send('datasets.download', { params })
    const hash = (value: string | Uint8Array) => createHash('sha256').update(value).digest('hex')
    expect(hash(new Uint8Array(await file.arrayBuffer()))).toBe(hash(body))
    expect(file.headers.get('content-disposition')).toContain('Support.jsonl')
  })

  test('every good row is reached once by going from page to page', async () => {
    const total = 3000
    const lines = Array.from({ length: total }, (_, at) =>
      at % 7 === 3 ? '' : at % 11 === 5 ? '[]' : row(at),
    )
    const dataset = await uploaded(member, 'Pages', lines.join('\n'))
    const seen: number[] = []
    for (let from: number | null = 1; from !== null;) {
      const query = { from, limit: 100 }
      const page: Awaited<ReturnType<typeof readPage>> = await readPage(dataset.id, query)
      seen.push(...page.items.map((item) => item.row))
      from = page.next
    }
    expect(seen).toEqual(lines.flatMap((line, at) => (line.startsWith('{') ? [at + 1] : [])))
    expect(dataset.rows - dataset.badRows).toBe(seen.length)
  })
  const readPage = (id: string, query: { from: number; limit: number }) =>
    member.call('datasets.rows', { params: { id }, query })

  test('a line of 50 MB is set aside by its number; the rows around it are good', async () => {
    const dataset = await uploaded(member, 'Long', `${row(1)}\n${'x'.repeat(50 * 2 ** 20)}\n${row(3)}`)
    expect(dataset).toMatchObject({ state: 'ready', rows: 3, badRows: 1 })
    expect(dataset.reasons).toEqual([{ code: 'too-long', count: 1, rows: [2] }])
    const page = await member.call('datasets.rows', { params: { id: dataset.id }, query: {} })
    expect(page.items.map((item) => item.row)).toEqual([1, 3])
  }, 30_000)

  test('files that hold no rows fail in words, and an empty one is not kept', async () => {
    const none = await uploaded(member, 'None', '{"x":1}\nnope\n')
    expect(none).toMatchObject({
      state: 'failed',
      error: { code: 'datasets.no-good-rows', params: { rows: 2 } },
    })
    const array = await uploaded(member, 'Array', `[${row(1)}]`)
    expect(array).toMatchObject({ state: 'failed', error: { code: 'datasets.not-jsonl' } })
    const rows = member.call('datasets.rows', { params: { id: array.id }, query: {} })
    expect(await codeOf(rows)).toBe('409 datasets.not-ready')
    const before = countFiles()
    const empty = await send(member, 'Empty', new Uint8Array(0))
    expect([empty.status, await empty.json()]).toMatchObject([422, { code: 'datasets.empty' }])
    expect(countFiles()).toBe(before)
  })

  test('of an upload that is cut off nothing stays', async () => {
    const before = countFiles()
    const call = request(`${server.baseUrl}/api/v1/datasets?name=Cut`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${member.token}`,
        'content-type': 'application/octet-stream',
        'content-length': 5_000_000,
      },
    })
    call.on('error', () => undefined)
    call.write(`${row(1)}\n`.repeat(10_000))
    await until(() => countFiles() > before, { what: 'the first bytes' })
    call.destroy()
    await until(() => countFiles() === before, { what: 'the removal' })
    const { items } = await member.call('datasets.list', { query: { search: 'cut' } })
    expect(items).toEqual([])
  })

  test('names of one owner are numbered, and found by a part of them', async () => {
    const first = await uploaded(member, 'Twice_%', row(1))
    const second = await uploaded(member, 'twice_%', row(1))
    const others = await uploaded(other, 'Twice_%', row(1))
    expect([first.name, second.name, others.name]).toEqual(['Twice_%', 'twice_% 2', 'Twice_%'])
    const { items } = await member.call('datasets.list', { query: { search: 'WICE_%' } })
    expect(items.map((item) => item.name)).toEqual(['twice_% 2', 'Twice_%'])
    const named = async (query: RouteInput<'datasets.list'>['query']) =>
      (await member.call('datasets.list', { query: { search: 'wice_%', ...query } })).items.length
    expect(await named({ state: 'ready', format: 'prompt-completion' })).toBe(2)
    expect(await named({ state: 'failed' })).toBe(0)
    expect(await named({ format: 'alpaca' })).toBe(0)
    const rename = { params: { id: second.id }, body: { version: second.version, name: 'TWICE_%' } }
    expect(await codeOf(member.call('datasets.update', rename))).toBe('409 datasets.name-taken')
  })

  test('the sample is there in one call, in each language', async () => {
    const added = await member.call('datasets.addSample', {}, { headers: { 'accept-language': 'zh-CN' } })
    expect(added).toMatchObject({ sample: true, name: 'Tidewell 示例' })
    const dataset = await checked(member, added.id)
    expect(dataset).toMatchObject({ state: 'ready', format: 'messages', badRows: 0 })
    expect(dataset.rows).toBeGreaterThan(20)
    expect(await codeOf(viewer.call('datasets.addSample'))).toBe('403 auth.forbidden')
  })

  test('rename, share, check again, delete and undo', async () => {
    const { id, version } = await uploaded(member, 'Mine', row(1))
    const params = { id }
    const renamed = await member.call('datasets.update', {
      params,
      body: { version, name: 'Ours', visibility: 'everyone' },
    })
    expect(renamed).toMatchObject({ name: 'Ours', visibility: 'everyone', version: version + 1 })
    const stale = member.call('datasets.update', { params, body: { version, name: 'Late' } })
    expect(await codeOf(stale)).toBe('409 platform.stale-version')
    const again = await member.call('datasets.check', { params })
    expect(again.state).toBe('checking')
    expect(await checked(member, id)).toMatchObject({ state: 'ready', rows: 1, badRows: 0 })
    await member.call('datasets.delete', { params })
    expect(await codeOf(member.call('datasets.get', { params }))).toBe('404 datasets.not-found')
    await uploaded(member, 'Ours', row(1))
    expect((await member.call('datasets.restore', { params })).name).toBe('Ours 2')
    expect((await viewer.call('datasets.get', { params })).may).toEqual(['read'])
  })

  test('what is not shared is not there for others; what is shared can be read and not written', async () => {
    const hidden = await uploaded(member, 'Hidden', row(1))
    const shared = await uploaded(member, 'Shared', row(1), 'everyone')
    const writes = (client: Client, id: string, version: number) => [
      () => client.call('datasets.update', { params: { id }, body: { version, name: 'Stolen' } }),
      () => client.call('datasets.check', { params: { id } }),
      () => client.call('datasets.delete', { params: { id } }),
    ]
    for (const attempt of writes(other, hidden.id, hidden.version)) {
      expect(await codeOf(attempt())).toBe('404 datasets.not-found')
    }
    for (const attempt of [...writes(other, shared.id, shared.version), ...writes(viewer, shared.id, 1)]) {
      expect(await codeOf(attempt())).toBe('403 auth.forbidden')
    }
    for (const name of ['datasets.get', 'datasets.rows', 'datasets.badRows', 'datasets.download'] as const) {
      const ask = async (client: Client, id: string) => (await client.send(name, { params: { id } })).status
      expect([await ask(other, hidden.id), await ask(other, shared.id)]).toEqual([404, 200])
    }
    const { items } = await other.call('datasets.list', { query: {} })
    expect(items.map((item) => item.name)).toContain('Shared')
    expect(items.map((item) => item.name)).not.toContain('Hidden')
    expect((await send(viewer, 'Theirs', row(1))).status).toBe(403)
    await member.call('datasets.delete', { params: { id: hidden.id } })
    expect(await codeOf(other.call('datasets.restore', { params: { id: hidden.id } }))).toBe(
      '404 datasets.not-found',
    )
  })
})

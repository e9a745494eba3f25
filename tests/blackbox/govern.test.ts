import type { ProviderStandIn } from '@anneal/providers/testing'
import { startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { CallError } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { addModel, ask, makeUser, unique, untilEnded } from './support/world.ts'

let server: TestServer
let standIn: ProviderStandIn
let client: Client
let member: Awaited<ReturnType<typeof makeUser>>

beforeAll(async () => {
  standIn = await startProviderStandIn()
  server = await startServer()
  client = await server.adminClient()
  member = await makeUser(server, client, 'member')
})
afterAll(async () => {
  await server?.close()
  await standIn?.close()
})

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof CallError ? `${error.status} ${error.code}` : String(error)),
  )

describe('the audit', () => {
  test('who did what is found by who, action, result and words; refusals are among it', async () => {
    const name = unique('audited')
    const { id } = await member.client.call('chat.createConversation', { body: { title: name } })
    await member.client.call('chat.updateConversation', {
      params: { id },
      body: { version: 1, title: `${name}!` },
    })
    expect(await codeOf(member.client.call('admin.audit', {}))).toBe('403 auth.forbidden')

    const seen = async (query: Record<string, string>) =>
      (await client.call('admin.audit', { query: { actor: member.id, ...query } })).items
    const all = await seen({})
    expect(all.map((entry) => entry.action)).toEqual(
      expect.arrayContaining([
        'conversation.created',
        'conversation.updated',
        'admin.audit',
        'session.started',
      ]),
    )
    expect((await seen({ action: 'conversation.' })).map((entry) => entry.action).toSorted()).toEqual([
      'conversation.created',
      'conversation.updated',
    ])
    const refused = await seen({ outcome: 'refused' })
    expect(refused.map((entry) => [entry.action, entry.details['code'], entry.outcome])).toEqual([
      ['admin.audit', 'auth.forbidden', 'refused'],
    ])
    expect((await seen({ search: 'CONVERSATION.UP' })).map((entry) => entry.targetId)).toEqual([id])
    expect(await seen({ search: '100%_' })).toEqual([])
    const { requestId } = all[0]!
    expect((await seen({ requestId: requestId! })).every((entry) => entry.requestId === requestId)).toBe(true)
    const facts = await client.call('admin.auditFacts', { query: { actor: member.id } })
    expect([facts.events, facts.refused]).toEqual([all.length, 1])
    expect(facts.actors.map((actor) => actor.id)).toContain(member.id)
  })

  test('a filtered list is paged, each event once, newest first', async () => {
    for (let at = 0; at < 7; at++) await member.client.call('chat.createConversation', { body: {} })
    const query = { actor: member.id, action: 'conversation.created', limit: 3 }
    const ids: string[] = []
    let cursor: string | undefined
    do {
      const page = await client.call('admin.audit', { query: { ...query, cursor } })
      ids.push(...page.items.map((entry) => entry.id))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(ids.length).toBeGreaterThanOrEqual(7)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(ids.toSorted().toReversed())
  })

  test('the chain is checked, and an event says so', async () => {
    const checked = await until(
      async () => {
        const result = await client.call('admin.verifyAudit', {})
        return result.events > 5 ? result : null
      },
      { what: 'sealed events' },
    )
    expect(checked.brokenAt).toBeNull()
    expect(checked.head).toMatch(/^[0-9a-f]{64}$/)
    const [entry] = (await client.call('admin.audit', { query: { action: 'audit.verified' } })).items
    expect(entry?.details).toMatchObject({ brokenAt: null })
  })

  test('an export holds the events of the filter, safe to be opened in a spreadsheet', async () => {
    await member.client.call('chat.createConversation', { body: { title: '=HYPERLINK("http://x")' } })
    const query = { actor: member.id, action: 'conversation.created' }
    const csv = await client.send('admin.exportAudit', { query: { ...query, format: 'csv' } })
    expect(csv.headers.get('content-disposition')).toContain('attachment')
    const lines = (await csv.text()).trim().split('\r\n')
    const jsonl = await client.send('admin.exportAudit', { query: { ...query, format: 'jsonl' } })
    const entries = (await jsonl.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { action: string })
    expect(entries.every((entry) => entry.action === 'conversation.created')).toBe(true)
    expect(lines).toHaveLength(entries.length + 1)
    expect(lines.every((line) => !/(^|,)[=+@]/.test(line))).toBe(true)
    expect((await client.call('admin.audit', { query: { action: 'audit.exported' } })).items).toHaveLength(2)
  })
})

describe('settings', () => {
  const settingOf = async (key: string) => {
    const { items } = await client.call('admin.settings', {})
    return items.find((item) => item.key === key)!
  }
  const change = (key: string, value: unknown, version: number) =>
    client.call('admin.changeSettings', { body: { changes: [{ key, value, version }] } })

  test('one holds at once, for every page', async () => {
    const before = await settingOf('instance.name')
    await change('instance.name', 'Tidewell Robotics', before.version)
    expect((await member.client.call('admin.instance', {})).name).toBe('Tidewell Robotics')
    expect(await settingOf('instance.name')).toMatchObject({ value: 'Tidewell Robotics', standard: '' })
  })

  test('two who change the same: the second is told, and nothing of theirs is half stored', async () => {
    const zone = await settingOf('instance.zone')
    const idle = await settingOf('generations.idleTimeout')
    await change('instance.zone', 'Asia/Tokyo', zone.version)
    const both = client.call('admin.changeSettings', {
      body: {
        changes: [
          { key: 'generations.idleTimeout', value: 77, version: idle.version },
          { key: 'instance.zone', value: 'Europe/Berlin', version: zone.version },
        ],
      },
    })
    expect(await codeOf(both)).toBe('409 platform.stale-version')
    expect((await settingOf('instance.zone')).value).toBe('Asia/Tokyo')
    expect((await settingOf('generations.idleTimeout')).value).toBe(idle.value)
  })

  test('what is unknown or does not fit is refused in words, all or none', async () => {
    expect(await codeOf(change('instance.colour', 'blue', 0))).toBe('422 admin.unknown-setting')
    const { version } = await settingOf('instance.zone')
    expect(await codeOf(change('instance.zone', 'Mars/Olympus', version))).toBe('422 admin.bad-setting')
    expect(await codeOf(change('generations.idleTimeout', 'soon', 0))).toBe('422 admin.bad-setting')
  })

  test('null goes back to the standard', async () => {
    const { version } = await settingOf('generations.firstTokenTimeout')
    await change('generations.firstTokenTimeout', 33, version)
    const set = await settingOf('generations.firstTokenTimeout')
    await change('generations.firstTokenTimeout', null, set.version)
    const back = await settingOf('generations.firstTokenTimeout')
    expect(back.value).toBe(back.standard)
  })

  test('others may neither read nor change them', async () => {
    const manager = await makeUser(server, client, 'manager')
    for (const one of [member.client, manager.client]) {
      expect(await codeOf(one.call('admin.settings', {}))).toBe('403 auth.forbidden')
    }
  })
})

describe('usage', () => {
  const span = () => ({
    from: new Date(Date.now() - 86_400_000).toISOString(),
    to: new Date(Date.now() + 86_400_000).toISOString(),
    zone: 'Asia/Shanghai',
  })

  test('is as new as the last call, however often the same days are asked for', async () => {
    const model = await addModel(client, standIn)
    const asker = await makeUser(server, client, 'member')
    const query = span()
    const requests = async () => (await asker.client.call('usage.mine', { query })).totals.requests
    for (const calls of [1, 2]) {
      expect([await requests(), await requests()]).toEqual([calls - 1, calls - 1])
      const { generationId } = await ask(asker.client, model.id, 'How many?')
      await untilEnded(asker.client, generationId)
      expect(await requests()).toBe(calls)
    }
  })

  test('an answer is counted once, with its tokens, for its user and model', async () => {
    const model = await addModel(client, standIn)
    const asker = await makeUser(server, client, 'member')
    const asked = await ask(asker.client, model.id, 'How many?')
    const { meter } = await untilEnded(asker.client, asked.generationId)
    const report = await until(
      async () => {
        const now = await client.call('usage.report', { query: span() })
        return now.groups.model.some((group) => group.key === model.id) ? now : null
      },
      { what: 'the call in the report' },
    )
    const group = report.groups.model.find((one) => one.key === model.id)
    expect(group).toMatchObject({
      name: model.name,
      requests: 1,
      errors: 0,
      inputTokens: meter.inputTokens ?? 0,
      outputTokens: meter.outputTokens ?? 0,
    })
    expect(report.groups.user.find((one) => one.key === asker.id)).toMatchObject({ requests: 1 })
    expect(report.days.flatMap((day) => day.groups).filter((one) => one.key === model.id)).toHaveLength(1)

    const mine = await asker.client.call('usage.mine', { query: span() })
    expect(mine.totals).toMatchObject({ requests: 1, outputTokens: meter.outputTokens ?? 0 })
    expect(mine.groups.user.map((one) => one.key)).toEqual([asker.id])
    expect(await codeOf(asker.client.call('usage.report', { query: span() }))).toBe('403 auth.forbidden')

    const csv = await (await client.send('usage.export', { query: span() })).text()
    const lines = csv.split('\r\n').filter((line) => line.includes(model.id))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(asker.email)
  })

  test('a span or zone that is none is refused in words', async () => {
    const { from, to } = span()
    const asking = (query: { from: string; to: string; zone?: string }) =>
      codeOf(client.call('usage.report', { query }))
    expect(await asking({ from: to, to: from })).toBe('422 usage.bad-range')
    expect(await asking({ from: '2020-01-01T00:00:00.000Z', to })).toBe('422 usage.bad-range')
    expect(await asking({ from, to, zone: 'Mars/Olympus' })).toBe('422 usage.bad-zone')
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { type Answer, type WireRun, type Wire, openWire } from './support/wire.ts'
import { makeUser, unique } from './support/world.ts'

let server: TestServer
let admin: Client
let owner: Awaited<ReturnType<typeof makeUser>>
let other: Awaited<ReturnType<typeof makeUser>>
let wire: Wire
let strange: Wire
let run: WireRun

const keys = ['loss', '__proto__', '__swanlab__.cpu.pct', 'a,"b"', 'loss ', 'Loss', '损失 😀']

beforeAll(async () => {
  server = await startServer()
  admin = await server.adminClient()
  owner = await makeUser(server, admin, 'member')
  other = await makeUser(server, admin, 'member')
  wire = await openWire(server.baseUrl, owner.client)
  strange = await openWire(server.baseUrl, other.client)
  run = await wire.run()
  const time = '2026-01-01T00:00:00.000Z'
  const points = keys.flatMap((key, at) =>
    [1, 2, 3, 4].map((index) => ({ key, index, data: index * (at + 1), create_time: time })),
  )
  const nan = { key: 'loss', index: 5, data: 'nan', create_time: time }
  await wire.metrics(run, 'scalar', [...points, nan])
  const lines = ['first', 'second', 'third'].map((message, at) => ({
    level: at === 1 ? 'ERROR' : 'INFO',
    epoch: at + 1,
    message,
    create_time: time,
  }))
  await wire.metrics(run, 'log', lines)
  await wire.metrics(run, 'media', [{ key: 'note', index: 2, data: ['hello'], more: [{ caption: 'c' }] }])
})
afterAll(() => server?.close())

const experiments = () => [{ projectId: run.projectId, experimentId: run.cuid, createdAt: 1 }]
const columns = (...of: string[]) => ({
  projectId: run.projectId,
  columns: of.map((key) => ({ experimentId: run.cuid, experimentName: 'run', key })),
})
const data = (answer: Answer) => answer.body as unknown as Record<string, unknown>[]

describe('lists', () => {
  test("a workspace's projects in pages, by search; runs in pages", async () => {
    const names = Array.from({ length: 12 }, () => unique('listed'))
    for (const name of names) await wire.post(`/projects/${wire.workspace}`, { name })
    const page = (number: number) =>
      wire.get(`/project/${wire.workspace}?page=${number}&size=10&search=LISTED`)
    const [first, second] = [await page(1), await page(2)]
    expect(first.body).toMatchObject({ total: 12, pages: 2, size: 10 })
    const listed = [...(first.body.list as { name: string }[]), ...(second.body.list as { name: string }[])]
    expect(listed.map(({ name }) => name).toSorted()).toEqual(names.toSorted())
    const runs = await wire.get(`${run.path}/runs?page=1&size=10`)
    expect(runs.body).toMatchObject({ total: 1, pages: 1, list: [{ cuid: run.cuid, state: 'RUNNING' }] })
  })

  test("someone else sees only what is shared, and nothing of another's workspace is told", async () => {
    expect((await strange.get(`/project/${wire.workspace}`)).body).toMatchObject({ total: 0, list: [] })
    expect((await strange.get(`/group/${wire.workspace}`)).status).toBe(404)
    for (const path of [run.path, `${run.path}/runs`, `${run.path}/runs/${run.cuid}`])
      expect((await strange.get(path)).status, path).toBe(404)
    expect((await strange.post(`${run.path}/runs/shows`, {})).status).toBe(404)
    const open = unique('open')
    await wire.post(`/projects/${wire.workspace}`, { name: open, visibility: 'PUBLIC' })
    expect((await strange.get(`/project/${wire.workspace}`)).body).toMatchObject({
      total: 1,
      list: [{ name: open }],
    })
    expect((await strange.get(`/group/${wire.workspace}`)).body).toMatchObject({ role: 'VISITOR' })
    const groups = await strange.get(`/user/${strange.workspace}/groups`)
    expect(data(groups).map(({ username }) => username)).toEqual([strange.workspace, wire.workspace])
    expect((await strange.get(`/user/${wire.workspace}/groups`)).body).toEqual([])
    const all = await openWire(server.baseUrl, admin)
    expect((await all.get(`${run.path}/runs/${run.cuid}`)).status).toBe(200)
  })

  test("someone else deletes nothing of another's", async () => {
    expect((await strange.call('DELETE', `${run.path}/runs/${run.cuid}`)).status).toBe(404)
    expect((await strange.post(`${run.path}/runs/del`, { cuids: [run.cuid] })).status).toBe(404)
    expect((await strange.call('DELETE', run.path)).status).toBe(404)
    const open = await wire.run({ project: unique('open') })
    const project = await owner.client.call('tracking.findProject', {
      params: { workspace: wire.workspace, project: open.project },
    })
    await owner.client.call('tracking.updateProject', {
      params: { id: project.id },
      body: { version: project.version, visibility: 'everyone' },
    })
    expect((await strange.get(`${open.path}/runs/${open.cuid}`)).status).toBe(200)
    expect((await strange.call('DELETE', `${open.path}/runs/${open.cuid}`)).status).toBe(403)
    expect((await strange.call('DELETE', open.path)).status).toBe(403)
  })

  test('runs are chosen by their own fields, by settings and by last values, sorted and grouped', async () => {
    const project = unique('chosen')
    for (const [cuid, rate, loss, cluster] of [
      ['one', 0.1, 3, 'x'],
      ['two', 0.01, 1, 'y'],
      ['three', 0.001, 2, 'x'],
    ] as const) {
      const made = await wire.run({ project, cuid: `${cuid}-${project}` })
      await wire.post(`${made.path}/experiment`, { name: cuid, cuid: made.cuid, cluster })
      await wire.put(`${made.path}/runs/${made.cuid}/profile`, {
        config: { rate: { value: rate }, deep: { value: { er: cuid } } },
      })
      await wire.metrics(made, 'scalar', [{ key: 'loss', index: 1, data: loss }])
    }
    const chosen = async (body: object) =>
      (await wire.post(`/project/${wire.workspace}/${project}/runs/shows`, body)).body
    const names = async (body: object) =>
      ((await chosen(body)) as unknown as { name: string }[]).map(({ name }) => name)
    const filter = (type: string, key: string, op: string, ...value: string[]) => ({
      filters: [{ type, key, op, value, active: true }],
    })
    expect(await names(filter('STABLE', 'name', 'IN', 'one', 'two'))).toEqual(['two', 'one'])
    expect(await names(filter('CONFIG', 'rate', 'LTE', '0.01'))).toEqual(['three', 'two'])
    expect(await names(filter('CONFIG', 'deep.er', 'CONTAIN', 'THR'))).toEqual(['three'])
    expect(await names(filter('SCALAR', 'loss', 'GTE', '2'))).toEqual(['three', 'one'])
    expect(await names(filter('STABLE', 'state', 'NEQ', 'RUNNING'))).toEqual([])
    const sorts = [{ type: 'SCALAR', key: 'loss', order: 'ASC', active: true }]
    expect(await names({ sorts })).toEqual(['two', 'three', 'one'])
    const groups = [{ type: 'STABLE', key: 'cluster', active: true }]
    expect(await chosen({ sorts, groups })).toMatchObject({
      x: [{ name: 'three' }, { name: 'one' }],
      y: [{ name: 'two' }],
    })
  })
})

describe('curves', () => {
  test('keys in pages, whatever they are called; which run holds which', async () => {
    const seen: string[] = []
    for (let cursor = ''; ;) {
      const { body } = await wire.post('/house/metrics/scalar/keys', {
        experiments: experiments(),
        limit: 3,
        cursor,
      })
      seen.push(...(body.keys as string[]))
      if (body.hasMore !== true) break
      cursor = String(body.nextCursor)
    }
    expect(seen.toSorted()).toEqual(keys.toSorted())
    const held = await wire.post('/house/metrics/scalar/availability', {
      keys: ['loss', 'absent'],
      experiments: experiments(),
    })
    expect(held.body).toEqual({ loss: [run.cuid], absent: [] })
    const media = await wire.post('/house/metrics/media/keys', { experiments: experiments() })
    expect(media.body.keys).toEqual(['note'])
  })

  test('curves without what is no number; statistics; summaries', async () => {
    const [loss, strangely] = data(await wire.post('/house/metrics/scalar', columns('loss', '损失 😀')))
    expect((loss!.metrics as { index: number }[]).map(({ index }) => index)).toEqual([1, 2, 3, 4])
    expect(strangely!.metrics).toContainEqual(expect.objectContaining({ index: 4, data: 28 }))
    const [values] = data(
      await wire.post('/house/metrics/scalar/value', { ...columns('loss'), xType: 'step' }),
    )
    expect(values).toMatchObject({
      min: { index: 1, data: 1 },
      max: { index: 4, data: 4 },
      latest: { index: 4, data: 4 },
      avg: { data: 2.5 },
      median: { data: 2.5 },
    })
    const { body } = await wire.post('/house/metrics/summaries', {
      experiments: experiments(),
      keys: ['loss', '__proto__'],
    })
    const summaries = body[run.cuid] as Record<string, unknown>
    expect(Object.keys(summaries).toSorted()).toEqual(['__proto__', 'loss'])
    expect(summaries.loss).toMatchObject({ step: 4, value: 4, minMax: [1, 4] })
  })

  test('another series on x, and times on x', async () => {
    const against = data(await wire.post('/house/metrics/scalar', { ...columns('loss'), xKey: 'Loss' }))
    expect(against[0]!.metrics).toMatchObject([
      { index: 6, data: 1 },
      { index: 12, data: 2 },
      { index: 18, data: 3 },
      { index: 24, data: 4 },
    ])
    const timed = data(await wire.post('/house/metrics/scalar', { ...columns('loss'), xType: 'time' }))
    expect(timed[0]!.metrics).toContainEqual(
      expect.objectContaining({ index: Date.parse('2026-01-01T00:00:00Z') }),
    )
  })

  test('exports: CSV and log, behind links that only their maker gets', async () => {
    const asked = await wire.post('/house/metrics/scalar/export', columns('loss', 'a,"b"', 'absent'))
    const paths = [String(asked.body.cosKey)]
    expect((await strange.post('/files/presigned/get', { paths })).status).toBe(404)
    const [url = ''] = (await wire.post('/files/presigned/get', { paths })).body.urls as string[]
    const reply = await fetch(url)
    expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const time = Date.parse('2026-01-01T00:00:00Z')
    expect((await reply.text()).split('\n')).toEqual([
      'step,run-loss_step,run-loss_timestamp,"run-a,""b""_step","run-a,""b""_timestamp",run-absent_step,run-absent_timestamp',
      `1,1,${time},4,${time},,`,
      `2,2,${time},8,${time},,`,
      `3,3,${time},12,${time},,`,
      `4,4,${time},16,${time},,`,
      `5,,${time},,,,`,
      '',
    ])
    expect((await fetch(url.replace(/signature=.{4}/, 'signature=0000'))).status).toBe(403)
    const log = await wire.post('/house/metrics/log/export', { ...experiments()[0], start: 1, rows: 1 })
    const links = await wire.post('/files/presigned/get', { paths: [log.body.cosKey] })
    expect(await (await fetch((links.body.urls as string[])[0]!)).text()).toBe(
      '2026-01-01T00:00:00.000Z ERROR second\n',
    )
    const old = await wire.get(`/experiment/${run.cuid}/column/csv?key=loss`)
    expect(await (await fetch(String(old.body.url))).text()).toContain(`4,4,${time}\n`)
  })

  test('lines of the log, by level', async () => {
    const log = (level: string) =>
      wire.get(
        `/house/metrics/log?projectId=${run.projectId}&experimentId=${run.cuid}&size=1000&epoch=0&level=${level}`,
      )
    expect((await log('INFO')).body).toMatchObject({
      count: 3,
      logs: [{ epoch: 1, message: 'first' }, { level: 'ERROR' }, { message: 'third' }],
    })
    expect((await log('ERROR')).body).toMatchObject({ count: 1, logs: [{ message: 'second' }] })
  })

  test('media at a step and at all of them', async () => {
    const at = await wire.post('/house/metrics/media', { ...columns('note'), step: 2 })
    expect(at.body).toMatchObject({
      steps: [2],
      step: 2,
      metrics: [{ key: 'note', data: ['hello'], more: [{ caption: 'c' }] }],
    })
    const all = data(await wire.post('/house/metrics/f_media', columns('note')))
    expect(all[0]).toMatchObject({ key: 'note', metrics: [{ index: 2, data: ['hello'] }] })
  })

  test("another's private run answers as if it were not there", async () => {
    expect((await strange.post('/house/metrics/scalar', columns('loss'))).body).toEqual([])
    expect((await strange.post('/house/metrics/scalar/value', columns('loss'))).body).toEqual([])
    expect((await strange.post('/house/metrics/summaries', { experiments: experiments() })).body).toEqual({})
    expect((await strange.post('/house/metrics/media', columns('note'))).body).toMatchObject({ metrics: [] })
    expect((await strange.post('/house/metrics/f_media', columns('note'))).body).toEqual([])
    const keysOfRun = await strange.post('/house/metrics/scalar/keys', { experiments: experiments() })
    expect(keysOfRun.body.keys).toEqual([])
    for (const path of [
      `/house/metrics/log?experimentId=${run.cuid}&projectId=${run.projectId}`,
      `/experiment/${run.cuid}/column`,
      `/experiment/${run.cuid}/column/csv?key=loss`,
    ])
      expect((await strange.get(path)).status, path).toBe(404)
    const asked = await strange.post('/house/metrics/scalar/export', columns('loss'))
    const links = await strange.post('/files/presigned/get', { paths: [asked.body.cosKey] })
    expect(await (await fetch((links.body.urls as string[])[0]!)).text()).toBe(
      'step,run-loss_step,run-loss_timestamp\n',
    )
  })
})

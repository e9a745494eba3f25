import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { sql } from './support/sql.ts'
import { type WireRun, Wire, newKey, openWire } from './support/wire.ts'
import { audit, makeUser, unique } from './support/world.ts'

let server: TestServer
let admin: Client
let person: Awaited<ReturnType<typeof makeUser>>
let wire: Wire & { keyId: string }
let run: WireRun

beforeAll(async () => {
  server = await startServer()
  admin = await server.adminClient()
  person = await makeUser(server, admin, 'member')
  wire = await openWire(server.baseUrl, person.client)
  run = await wire.run()
})
afterAll(() => server?.close())

const now = () => new Date().toISOString()
const scalar = (key: string, index: number, data: number | string) => ({
  key,
  index,
  data,
  create_time: now(),
})

async function idOf({ cuid, projectId }: WireRun): Promise<string> {
  const [row] = await sql(server, 'select id from tracked_run where cuid = ? and project_id = ?', [
    cuid,
    projectId,
  ])
  return String(row?.id)
}

async function series(of: WireRun, ...keys: string[]) {
  const query = { keys: keys.map(encodeURIComponent).join(',') }
  const reply = await person.client.call('tracking.points', { params: { id: await idOf(of) }, query })
  return Object.fromEntries(reply.series.map((one) => [one.key, one]))
}

describe('projects and runs', () => {
  test('an absent project is not found, made, found, and made once', async () => {
    const name = unique('project')
    const path = `/project/${wire.workspace}/${name}`
    expect((await wire.get(path)).status).toBe(404)
    const body = { name, visibility: 'PRIVATE' }
    expect((await wire.post(`/projects/${wire.workspace}`, body)).status).toBe(201)
    expect((await wire.post(`/projects/${wire.workspace}`, body)).status).toBe(200)
    const old = await wire.post('/project', { ...body, username: wire.workspace })
    expect(old.status).toBe(409)
    expect(old.body).toMatchObject({ name, username: wire.workspace })
    const found = await wire.get(path)
    expect(found.body).toMatchObject({
      name,
      version: 1,
      path: `${wire.workspace}/${name}`,
      group: { username: wire.workspace },
      _count: { experiments: 0 },
    })
  })

  test('eight processes that make the same project and run at once make one of each', async () => {
    const name = unique('project')
    const eight = Array.from({ length: 8 })
    const made = await Promise.all(
      eight.map(() => wire.post(`/projects/${wire.workspace}`, { name, visibility: 'PRIVATE' })),
    )
    expect(made.map(({ status }) => status).toSorted()).toEqual([...Array(7).fill(200), 201])
    expect(new Set(made.map(({ body }) => body.cuid)).size).toBe(1)
    const cuid = unique('shared')
    const runs = await Promise.all(
      eight.map(() => wire.post(`/project/${wire.workspace}/${name}/experiment`, { name: 'r', cuid })),
    )
    expect(runs.map(({ status }) => status).toSorted()).toEqual([...Array(7).fill(200), 201])
    const rows = await sql(server, 'select id from tracked_run where cuid = ?', [cuid])
    expect(rows).toHaveLength(1)
  })

  test('an existing run is gone on with: what is left out stays, a profile is merged', async () => {
    const cuid = unique('run')
    const first = await wire.run({ project: run.project, cuid })
    await wire.post(`${run.path}/experiment`, {
      name: 'named',
      description: 'told',
      cuid,
      labels: [{ name: 'a' }, { name: 'b' }],
      job: 'train',
      cluster: 'group-1',
    })
    const profile = `${first.path}/runs/${cuid}/profile`
    await wire.put(profile, { config: { lr: { value: 0.1, desc: '', sort: 0 } } })
    await wire.put(profile, { metadata: { git: { commit: 'abc' }, hardware: { cpu: 1 } } })
    const again = await wire.post(`${run.path}/experiment`, { cuid })
    expect(again.status).toBe(200)
    await wire.put(profile, { config: {} })
    await wire.put(profile, { metadata: { git: null, hardware: null, python: '3.11' } })
    const { body } = await wire.get(`${run.path}/runs/${cuid}`)
    expect(body).toMatchObject({
      name: 'named',
      description: 'told',
      job: 'train',
      cluster: 'group-1',
      state: 'RUNNING',
      labels: [{ name: 'a' }, { name: 'b' }],
      profile: {
        config: { lr: { value: 0.1 } },
        metadata: { git: { commit: 'abc' }, hardware: { cpu: 1 }, python: '3.11' },
      },
    })
  })

  test('the oldest SDK is told a flag and a configuration', async () => {
    const { body } = await wire.post(`${run.path}/experiment`, { name: 'old', colors: ['#111', '#222'] })
    expect(body).toMatchObject({ cuid: expect.any(String), flagId: expect.any(String) })
    expect(body.profile).toMatchObject({ config: {} })
  })

  test.each(['a b', '', 'x'.repeat(101), '工程', '../up'])('a project cannot be called %j', async (name) => {
    const { status, body } = await wire.post(`/projects/${wire.workspace}`, { name })
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'tracking.bad-project-name' })
  })

  test("another's workspace, project and run are not written to", async () => {
    const other = await makeUser(server, admin, 'member')
    const strange = await openWire(server.baseUrl, other.client)
    const made = await strange.post(`/projects/${wire.workspace}`, { name: unique('project') })
    expect(made.status).toBe(403)
    expect((await strange.get(run.path)).status).toBe(404)
    expect((await strange.post(`${run.path}/experiment`, { name: 'x', cuid: run.cuid })).status).toBe(404)
    expect((await strange.metrics(run, 'scalar', [scalar('strange', 1, 1)])).status).toBe(200)
    expect((await strange.put(`${run.path}/runs/${run.cuid}/state`, { state: 'CRASHED' })).status).toBe(200)
    expect(await series(run, 'strange')).toEqual({})
    expect((await wire.get(`${run.path}/runs/${run.cuid}`)).body.state).toBe('RUNNING')
  })

  test('a viewer makes neither project nor run, not even in what is open to all', async () => {
    // A viewer makes no keys: theirs was made before the role was taken away.
    const demoted = await makeUser(server, admin, 'member')
    const looking = await openWire(server.baseUrl, demoted.client)
    await sql(server, "update user_account set role = 'viewer' where id = ?", [demoted.id])
    await server.restart('SIGTERM')
    expect((await looking.post(`/projects/${looking.workspace}`, { name: unique('p') })).status).toBe(403)
    const open = unique('open')
    await wire.post(`/projects/${wire.workspace}`, { name: open, visibility: 'PUBLIC' })
    const path = `/project/${wire.workspace}/${open}`
    expect((await looking.get(path)).status).toBe(200)
    expect((await looking.post(`${path}/experiment`, { name: 'x' })).status).toBe(403)
  })

  test("a training run's key reaches that run alone: it makes nothing, reads nothing else, deletes nothing", async () => {
    const { key, id } = await newKey(person.client)
    const trained = await wire.run({ cuid: unique('trained') })
    const trainingRunId = '01900000-0000-7000-8000-000000000001'
    await sql(server, 'update api_key set training_run_id = ? where id = ?', [trainingRunId, id])
    await sql(server, 'update tracked_run set training_run_id = ? where cuid = ?', [
      trainingRunId,
      trained.cuid,
    ])
    const bound = new Wire(server.baseUrl)
    await bound.login(key)
    expect((await bound.post(`/projects/${wire.workspace}`, { name: unique('p') })).status).toBe(403)
    expect((await bound.post(`${trained.path}/experiment`, { name: 'x', cuid: unique('new') })).status).toBe(
      403,
    )
    expect((await bound.post(`${run.path}/experiment`, { name: 'x', cuid: run.cuid })).status).toBe(403)
    expect((await bound.post(`${trained.path}/experiment`, { cuid: trained.cuid })).status).toBe(200)
    await bound.metrics(run, 'scalar', [scalar('bound', 1, 1)])
    await bound.metrics(trained, 'scalar', [scalar('bound', 1, 1)])
    expect(await series(run, 'bound')).toEqual({})
    expect((await series(trained, 'bound')).bound).toMatchObject({ value: [1] })
    expect((await bound.get(`${run.path}/runs/${run.cuid}`)).status).toBe(404)
    expect((await bound.get(`${trained.path}/runs`)).body).toMatchObject({ total: 1 })
    expect((await bound.get(`/project/${wire.workspace}`)).body).toMatchObject({ total: 0 })
    expect((await bound.call('DELETE', `${trained.path}/runs/${trained.cuid}`)).status).toBe(403)
  })

  test('a deleted run and a deleted project give their names free', async () => {
    const gone = await wire.run({ cuid: unique('gone') })
    await wire.metrics(gone, 'scalar', [scalar('loss', 1, 1)])
    expect((await wire.call('DELETE', `${gone.path}/runs/${gone.cuid}`)).status).toBe(200)
    expect((await wire.get(`${gone.path}/runs/${gone.cuid}`)).status).toBe(404)
    expect((await wire.metrics(gone, 'scalar', [scalar('loss', 2, 1)])).status).toBe(200)
    const again = await wire.post(`${gone.path}/experiment`, { name: 'new', cuid: gone.cuid })
    expect(again.status).toBe(201)
    expect((await wire.get(`/house/metrics/summaries/${gone.projectId}/${gone.cuid}`)).body.scalar).toEqual(
      [],
    )
    expect((await wire.call('DELETE', gone.path)).status).toBe(200)
    expect((await wire.get(gone.path)).status).toBe(404)
    expect((await wire.post(`/projects/${wire.workspace}`, { name: gone.project })).status).toBe(201)
  })
})

describe('data', () => {
  test('a batch that comes twice is there once; numbers that are none are gaps; old steps are replaced', async () => {
    const one = await wire.run()
    const batch = [scalar('a', 1, 0.5), scalar('a', 2, 'nan'), scalar('a', 3, 'INF'), scalar('b', 2 ** 40, 1)]
    for (let times = 0; times < 2; times++)
      expect((await wire.metrics(one, 'scalar', batch)).status).toBe(200)
    await wire.metrics(one, 'scalar', [scalar('a', 1, 0.75)])
    const { a, b } = await series(one, 'a', 'b')
    expect(a).toMatchObject({ step: [1, 2, 3], value: [0.75, null, null] })
    expect(b).toMatchObject({ step: [2 ** 40], value: [1] })
  })

  test('items that make no sense are left out, and the rest is kept', async () => {
    const one = await wire.run()
    const { status } = await wire.metrics(one, 'scalar', [
      null,
      'text',
      { key: 'a' },
      { key: '', index: 1, data: 1 },
      { key: 'a', index: 1.5, data: 1 },
      { key: 'a', index: 1, data: { deep: 1 } },
      scalar('a', 2, 2),
    ])
    expect(status).toBe(200)
    expect((await series(one, 'a')).a).toMatchObject({ step: [1, 2], value: [null, 2] })
  })

  test('parallel processes number their lines alike: lines are told apart by their times, and by those alone', async () => {
    const one = await wire.run()
    const line = (epoch: number, message: string, at: string) => ({
      level: 'INFO',
      epoch,
      message,
      create_time: at,
    })
    const batch = [
      line(1, 'from one', '2026-01-01T00:00:00.001Z'),
      line(1, 'from the other', '2026-01-01T00:00:00.002Z'),
    ]
    await wire.metrics(one, 'log', batch)
    await wire.metrics(one, 'log', batch)
    const params = { id: await idOf(one) }
    const { items } = await person.client.call('tracking.lines', { params, query: { limit: 100 } })
    expect(items.map(({ message }) => message)).toEqual(['from one', 'from the other'])
  })

  test('a run that has ended goes on taking data, and its end can be said again', async () => {
    const one = await wire.run()
    const state = `${one.path}/runs/${one.cuid}/state`
    await wire.put(state, { state: 'FINISHED', finishedAt: now(), from: 'sdk' })
    await wire.metrics(one, 'scalar', [scalar('late', 1, 1)])
    expect((await series(one, 'late')).late).toMatchObject({ value: [1] })
    await wire.put(state, { state: 'CRASHED', from: 'sdk' })
    expect((await wire.get(`${one.path}/runs/${one.cuid}`)).body.state).toBe('CRASHED')
  })

  test('a resume is told the last step of everything, and at least line 0', async () => {
    const one = await wire.run()
    const summary = `/house/metrics/summaries/${one.projectId}/${one.cuid}?all=True&createdAt=1`
    expect((await wire.get(summary)).body).toEqual({
      log: [{ key: 'LOG', step: 0 }],
      media: [],
      scalar: [],
    })
    await wire.metrics(one, 'scalar', [scalar('loss', 7, 1), scalar('loss', 3, 1)])
    await wire.metrics(one, 'media', [{ key: 'text', index: 4, data: ['hello'], more: [null] }])
    await wire.metrics(one, 'log', [{ level: 'INFO', epoch: 9, message: 'x', create_time: now() }])
    expect((await wire.get(summary)).body).toEqual({
      log: [{ key: 'LOG', step: 9 }],
      media: [{ key: 'text', step: 4 }],
      scalar: [{ key: 'loss', step: 7 }],
    })
    const columns = await wire.get(`/experiment/${one.cuid}/column?all=True`)
    expect(columns.body.list).toEqual([
      expect.objectContaining({ key: 'loss', type: 'FLOAT', class: 'CUSTOM', error: null }),
      expect.objectContaining({ key: 'text', type: 'TEXT' }),
    ])
  })

  test("a project's first definition of a key stays, whoever defines it again", async () => {
    const one = await wire.run()
    const define = (xAxis: string, hidden: boolean) =>
      wire.post(`/projects/${wire.workspace}/${one.project}/series`, {
        series: [{ key: 'val/acc', type: 'FLOAT', sectionName: 'Validation', xAxis, hidden }],
      })
    expect((await define('epoch', true)).status).toBe(200)
    expect((await define('_step', false)).status).toBe(200)
    await wire.post(`/experiment/${one.cuid}/columns`, [
      { key: 'val/acc', type: 'FLOAT', name: 'other' },
      { key: 'gpu', type: 'FLOAT', name: 'GPU 0', sectionName: 'System' },
      { key: 'picture', type: 'IMAGE' },
    ])
    const rows = await sql(
      server,
      'select series_key, section, x_axis, hidden, name from project_series where project_id = ? order by series_key',
      [one.projectId],
    )
    expect(rows.map((row) => ({ ...row }))).toEqual([
      { series_key: 'gpu', section: 'System', x_axis: null, hidden: 0, name: 'GPU 0' },
      { series_key: 'picture', section: null, x_axis: null, hidden: 0, name: null },
      { series_key: 'val/acc', section: 'Validation', x_axis: 'epoch', hidden: 1, name: null },
    ])
    const { items } = await person.client.call('tracking.series', { params: { id: await idOf(one) } })
    expect(items).toMatchObject([
      { key: 'gpu', name: 'GPU 0', section: 'System', xAxis: null, hidden: false },
      { key: 'val/acc', name: null, section: 'Validation', xAxis: 'epoch', hidden: true },
    ])
  })

  test('forty megabytes of log lines are taken at once', async () => {
    const one = await wire.run()
    const lines = (count: number) =>
      Array.from({ length: count }, (_, at) => ({
        level: 'INFO',
        epoch: at + 1,
        message: 'x'.repeat(4096),
        create_time: '2026-01-01T00:00:00Z',
      }))
    const count = Math.floor((40 * 2 ** 20 - 1000) / JSON.stringify(lines(1)).length) - 10
    expect((await wire.metrics(one, 'log', lines(count))).status).toBe(200)
    const params = { id: await idOf(one) }
    const { total } = await person.client.call('tracking.lines', { params, query: { limit: 1 } })
    expect(total).toBe(count)
  })

  test('half a body stores nothing and harms nobody', async () => {
    const one = await wire.run()
    const { hostname, port } = new URL(server.baseUrl)
    const body = JSON.stringify({
      type: 'scalar',
      experimentId: one.cuid,
      metrics: [scalar('half', 1, 1)],
    })
    await new Promise<void>((resolve, reject) => {
      const socket = connect(Number(port), hostname)
      socket.once('error', reject)
      socket.once('close', () => resolve())
      const head = `POST /api/house/metrics HTTP/1.1\r\nHost: ${hostname}\r\nCookie: sid=${wire.sid}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
      socket.write(head + body.slice(0, body.length / 2), () => socket.destroy())
    })
    expect((await wire.metrics(one, 'scalar', [scalar('whole', 1, 1)])).status).toBe(200)
    expect(Object.keys(await series(one, 'half', 'whole'))).toEqual(['whole'])
  })
})

describe('sessions', () => {
  const dataCalls = (of: WireRun): [string, string, unknown][] => [
    ['POST', '/house/metrics', { type: 'scalar', experimentId: of.cuid, metrics: [scalar('x', 1, 1)] }],
    ['POST', `/house/experiments/${of.cuid}/heartbeat`, { flagId: '1' }],
    ['POST', `/projects/${wire.workspace}/${of.project}/series`, { series: [] }],
    ['POST', `/experiment/${of.cuid}/columns`, []],
    ['PUT', `${of.path}/runs/${of.cuid}/profile`, { config: { a: { value: 1 } } }],
    ['PUT', `${of.path}/runs/${of.cuid}/state`, { state: 'FINISHED' }],
    ['POST', '/resources/presigned/put', { experimentId: of.cuid, paths: ['media/image/a.png'] }],
    ['POST', `/experiment/${of.cuid}/files/prepare`, { files: [{ path: 'a', size: 1, md5: '' }] }],
    ['POST', `/experiment/${of.cuid}/files/complete`, { files: [] }],
    ['POST', `/experiment/${of.cuid}/files/prepare-multipart`, { files: [] }],
    ['POST', `/experiment/${of.cuid}/files/complete-multipart`, { files: [] }],
  ]

  test('an unknown sid is refused everywhere; a bad key gets none', async () => {
    const stranger = new Wire(server.baseUrl)
    for (const key of ['', 'x', 'A'.repeat(21)]) expect((await stranger.login(key)).status).toBe(401)
    const scoped = await newKey(person.client, ['gateway'])
    expect((await stranger.login(scoped.key)).status).toBe(401)
    stranger.sid = 'made-up'
    for (const [method, path, body] of dataCalls(run))
      expect((await stranger.call(method, path, body)).status, path).toBe(401)
  })

  test('the sid is given in the body, is good for over a week and never a cookie', async () => {
    const { key } = await newKey(person.client)
    const { body, headers } = await new Wire(server.baseUrl).login(key)
    expect(headers.getSetCookie()).toEqual([])
    expect(body.expiredAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(Date.parse(String(body.expiredAt))).toBeGreaterThan(Date.now() + 8 * 24 * 3_600_000)
  })

  test('a sid outlives a restart of the server', async () => {
    const one = await wire.run()
    await server.restart('SIGKILL')
    expect((await wire.metrics(one, 'scalar', [scalar('after', 1, 1)])).status).toBe(200)
    expect((await series(one, 'after')).after).toMatchObject({ value: [1] })
  })

  test('of an ended key: reads are refused, data is answered well, dropped, counted, and said once', async () => {
    const dying = await openWire(server.baseUrl, person.client)
    const one = await dying.run()
    await person.client.call('auth.revokeKey', { params: { id: dying.keyId } })
    expect((await dying.get(one.path)).status).toBe(401)
    expect((await dying.post('/house/metrics/summaries', { experiments: [] })).status).toBe(401)
    const calls = dataCalls(one)
    for (const [method, path, body] of calls)
      expect((await dying.call(method, path, body)).status, path).toBeLessThan(300)
    const { body } = await dying.post('/resources/presigned/put', {
      experimentId: one.cuid,
      paths: ['media/image/a.png', 'media/image/b.png'],
    })
    for (const url of body.urls as string[])
      expect((await fetch(url, { method: 'PUT', body: 'bytes' })).status).toBe(200)
    expect(await series(one, 'x')).toEqual({})
    const [row] = await sql(server, 'select state, profile from tracked_run where cuid = ?', [one.cuid])
    expect(row).toMatchObject({ state: 'running', profile: '{}' })
    expect(await sql(server, 'select id from tracked_file where run_id = ?', [await idOf(one)])).toEqual([])
    const said = (await audit(admin)).filter(({ action }) => action === 'tracking.data-dropped')
    expect(said).toHaveLength(1)
    await until(
      async () => {
        const rows = await sql(server, 'select dropped_calls from tracking_session where dropped_at > 0')
        return Number(rows[0]?.dropped_calls) === calls.length + 1
      },
      { timeoutMs: 20_000, what: 'the count of dropped calls' },
    )
  })
})

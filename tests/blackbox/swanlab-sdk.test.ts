import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { databaseOfRun } from '../support/database.ts'
import { preparedSdk, sdkVersions } from '../support/swanlab-sdk.ts'
import { until } from '../support/until.ts'
import { startProgram, startScript } from './support/sdk.ts'
import { sql } from './support/sql.ts'
import { newKey } from './support/wire.ts'
import { makeUser, unique } from './support/world.ts'

const MINUTE = 60_000

let server: TestServer
let admin: Client
let person: Awaited<ReturnType<typeof makeUser>>
let key: string

beforeAll(async () => {
  server = await startServer()
  admin = await server.adminClient()
  person = await makeUser(server, admin, 'member')
  key = (await newKey(person.client)).key
})
afterAll(() => server?.close())

/** What a script printed last, as JSON. */
function lastLine(output: string): unknown {
  return JSON.parse(output.trim().split('\n').at(-1) ?? '')
}

describe.each(sdkVersions)("SwanLab's SDK %s", (version) => {
  const environment = preparedSdk(version)
  const isOld = version === '0.7.20'
  /* What differs between databases is not in the SDK: one of them is gone through at length. */
  const atLength = environment !== undefined && databaseOfRun() === 'sqlite'
  const inEnvironment = { host: '', key: '', environment: environment ?? '' }
  const run = (source: string, given: { key?: string } = {}) =>
    startScript(source, { ...inEnvironment, host: server.baseUrl, key: given.key ?? key })
  const name = () => unique('run').replace('-', '')
  const idOf = async (cuid: string) => {
    const [row] = await sql(server, 'select id from tracked_run where cuid = ?', [cuid])
    return String(row?.id)
  }

  test.skipIf(!environment)(
    'scalars, log, configuration, tags, hardware and every kind of media arrive',
    async () => {
      const cuid = name()
      const { code, output } = await run(`
import numpy as np, swanlab
run = swanlab.init(project="sdk", experiment_name="all of it", id="${cuid}", resume="allow", description="told",
                   config={"rate": 0.1, "deep": {"er": [1, None, float("nan")]}, "text": "淬炼"}, tags=["first", "second"])
for step in range(3):
    table = swanlab.echarts.Table()
    table.add(["a", "b"], [[1, 2], [3, 4]])
    swanlab.log({
        "train/loss": 1 / (step + 1), "none": float("nan"), "much": float("inf"),
        "picture": swanlab.Image(np.full((8, 8, 3), step * 60, dtype=np.uint8), caption=f"picture {step}"),
        "many/pictures": [swanlab.Image(np.random.randint(0, 255, (8, 8, 3), dtype=np.uint8)) for _ in range(3)],
        "note": swanlab.Text(f"hello {step}, 中文", caption="a caption"),
        "sound": swanlab.Audio(np.zeros((1, 800), dtype="float32"), sample_rate=8000),
        "table": table,
        "cloud": swanlab.Object3D(np.random.rand(10, 3)),
    }, step=step)
print("a printed line, 中文")
open("notes.txt", "w").write("saved notes")
swanlab.save("notes.txt")
swanlab.finish()
`).ended
      expect(code, output).toBe(0)
      const params = { id: await idOf(cuid) }
      const detail = await person.client.call('tracking.run', { params })
      expect(detail).toMatchObject({
        name: 'all of it',
        description: 'told',
        state: 'finished',
        tags: ['first', 'second'],
        project: { workspace: person.workspace, name: 'sdk' },
      })
      const { series } = await person.client.call('tracking.points', {
        params,
        query: { keys: 'train%2Floss,none,much' },
      })
      const values = Object.fromEntries(series.map((one) => [one.key, one.value]))
      expect(values).toEqual({
        'train/loss': [1, 0.5, 1 / 3],
        none: [null, null, null],
        much: [null, null, null],
      })
      const { items } = await person.client.call('tracking.mediaSeries', { params })
      expect(Object.fromEntries(items.map((one) => [one.key, `${one.kind} ${one.steps}`]))).toEqual({
        picture: 'IMAGE 3',
        'many/pictures': 'IMAGE 3',
        note: 'TEXT 3',
        sound: 'AUDIO 3',
        table: 'ECHARTS 3',
        cloud: 'OBJECT3D 3',
      })
      const media = async (of: string) =>
        (await person.client.call('tracking.media', { params, query: { key: of, step: 1 } })).items
      const [picture] = await media('picture')
      expect(picture).toMatchObject({ caption: 'picture 1', contentType: 'image/png' })
      const bytes = await (await fetch(`${server.baseUrl}${picture!.url}`)).arrayBuffer()
      expect(Buffer.from(bytes).subarray(1, 4).toString()).toBe('PNG')
      expect(await media('many/pictures')).toHaveLength(3)
      expect((await media('note'))[0]).toMatchObject({ text: 'hello 1, 中文', caption: 'a caption' })
      expect(JSON.parse((await media('table'))[0]!.text ?? '')).toMatchObject({ _swanLab: 'table' })
      const files = await person.client.call('tracking.files', { params, query: {} })
      expect(files.items).toMatchObject([{ path: 'notes.txt', bytes: 11, state: 'stored' }])
      expect(await (await fetch(`${server.baseUrl}${files.items[0]!.url}`)).text()).toBe('saved notes')
      const log = await person.client.call('tracking.lines', { params, query: { limit: 100 } })
      expect(log.items.map(({ message }) => message)).toContain('a printed line, 中文')
      const page = await fetch(`${server.baseUrl}/@${person.workspace}/sdk/runs/${cuid}`, {
        redirect: 'manual',
      })
      expect(page.headers.get('location')).toBe(`/tracking/${person.workspace}/sdk/runs/${cuid}`)
    },
    2 * MINUTE,
  )

  test.skipIf(!atLength)(
    'a resumed run goes on where it was; one that must be there and is not, is not made',
    async () => {
      const cuid = name()
      const resumed = (resume: string, steps: string, config: string) =>
        run(`
import swanlab
swanlab.init(project="resume", id="${cuid}", resume="${resume}", config=${config})
for step in range(${steps}):
    swanlab.log({"loss": step + 0.5, "note": swanlab.Text(str(step))}, step=step)
swanlab.finish()
`).ended
      const absent = await resumed('must', '0, 3', '{}')
      expect(absent.code).not.toBe(0)
      expect(await idOf(cuid)).toBe('undefined')
      expect((await resumed('allow', '1, 6', '{"kept": 1}')).code).toBe(0)
      const again = await resumed('must', '4, 9', '{"fresh": 2}')
      expect(again.code, again.output).toBe(0)
      const params = { id: await idOf(cuid) }
      const { series } = await person.client.call('tracking.points', { params, query: { keys: 'loss' } })
      expect(series[0]!.step).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
      const notes = await person.client.call('tracking.media', { params, query: { key: 'note' } })
      expect(notes.steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
      const [row] = await sql(server, 'select profile, state from tracked_run where cuid = ?', [cuid])
      expect(row!.state).toBe('finished')
      const profile = JSON.parse(String(row!.profile)) as {
        config: Record<string, { value: unknown }>
        metadata: Record<string, unknown>
      }
      expect(profile.config.kept!.value).toBe(1)
      expect(profile.config.fresh!.value).toBe(2)
      expect(profile.metadata.python ?? profile.metadata.runtime).toBeTruthy()
    },
    2 * MINUTE,
  )

  test.skipIf(!atLength)(
    'an exception ends the run as crashed, with its traceback in the log',
    async () => {
      const cuid = name()
      const { code } = await run(`
import swanlab
swanlab.init(project="crash", id="${cuid}", resume="allow")
swanlab.log({"loss": 1})
raise ValueError("this went wrong")
`).ended
      expect(code).not.toBe(0)
      const params = { id: await idOf(cuid) }
      expect((await person.client.call('tracking.run', { params })).state).toBe('crashed')
      const { items } = await person.client.call('tracking.lines', { params, query: { limit: 100 } })
      const errors = items.filter(({ level }) => level === 'ERROR').map(({ message }) => message)
      expect(errors.join('\n')).toContain('this went wrong')
    },
    MINUTE,
  )

  test.skipIf(!atLength)(
    'with a key that ends meanwhile the script goes on to its end, and nothing more is kept',
    async () => {
      const cuid = name()
      const dying = await newKey(person.client)
      const script = run(
        `
import swanlab, time
swanlab.init(project="revoked", id="${cuid}", resume="allow")
for step in range(1, 9):
    swanlab.log({"loss": step}, step=step)
    print("step", step)
    time.sleep(0.7)
swanlab.finish()
`,
        { key: dying.key },
      )
      const points = async () => {
        const params = { id: await idOf(cuid) }
        const reply = await person.client.call('tracking.points', { params, query: { keys: 'loss' } })
        return reply.series[0]?.step.length ?? 0
      }
      await until(async () => (await idOf(cuid)) !== 'undefined' && (await points()) > 0, {
        timeoutMs: 30_000,
        what: 'the first points',
      })
      await person.client.call('auth.revokeKey', { params: { id: dying.id } })
      const { output, seconds } = await script.ended
      expect(output).toContain('step 8')
      expect(seconds).toBeLessThan(50)
      expect(await points()).toBeLessThan(8)
    },
    2 * MINUTE,
  )

  test.skipIf(!atLength)(
    'its Api reads workspaces, projects, runs and their profile, and nothing of what is private to others',
    async () => {
      const read = unique('read')
      const other = await makeUser(server, admin, 'member')
      const theirs = (await newKey(other.client)).key
      const made = await run(
        'import swanlab\nswanlab.init(project="hidden")\nswanlab.log({"x": 1})\nswanlab.finish()\n',
        {
          key: theirs,
        },
      ).ended
      expect(made.code, made.output).toBe(0)
      const { code, output } = await run(`
import json, swanlab
swanlab.init(project="${read}", experiment_name="first", config={"rate": 0.5}, tags=["one"])
for step in range(5): swanlab.log({"loss": step}, step=step)
swanlab.finish()
api = swanlab.Api()
me = "${person.workspace}"
runs = list(api.runs(me + "/${read}"))
run = runs[0]
config = run.profile["config"] if isinstance(run.profile, dict) else run.profile.config
def names(of):
    try: return [one.name for one in api.projects(of)]
    except Exception as error: return type(error).__name__
def hidden():
    try: return [one.name for one in api.runs("${other.workspace}/hidden")]
    except Exception as error: return []
print(json.dumps({
    "workspaces": [one.username for one in api.workspaces()],
    "has": "${read}" in names(me),
    "project": api.project(me + "/${read}").path,
    "runs": [one.name for one in runs],
    "state": run.state,
    "labels": [str(one["name"] if isinstance(one, dict) else one) for one in run.labels],
    "config": config,
    "hidden": hidden(),
    "others": names("${other.workspace}"),
}))
`).ended
      expect(code, output).toBe(0)
      const answer = lastLine(output) as Record<string, unknown>
      expect(answer).toMatchObject({
        workspaces: [person.workspace],
        has: true,
        project: `${person.workspace}/${read}`,
        runs: ['first'],
        state: 'FINISHED',
        labels: ['one'],
        hidden: [],
        others: [],
      })
      expect(JSON.stringify(answer.config)).toContain('0.5')
    },
    2 * MINUTE,
  )

  test.skipIf(!atLength || isOld)(
    'its Api reads keys, curves, statistics, media, logs and exports',
    async () => {
      const { code, output } = await run(`
import json, swanlab, urllib.request
swanlab.init(project="curves", experiment_name="curve")
for step in range(3000):
    swanlab.log({"loss": 1000 - step, "epoch": step // 1000}, step=step)
swanlab.log({"note": swanlab.Text("hello")}, step=7)
print("a printed line")
swanlab.finish()
api = swanlab.Api()
path = "${person.workspace}/curves"
run = list(api.runs(path, filters=[{"key": "loss", "type": "SCALAR", "op": "LTE", "value": ["-1999"]}]))[0]
none = list(api.runs(path, filters=[{"key": "loss", "type": "SCALAR", "op": "GTE", "value": ["0"]}]))
sampled = run.metrics(["loss"], sample=100)["list"][0]
whole = run.metrics(["loss"], all=True)["list"][0]["metrics"]
some = run.metrics(["loss"], range_query={"start": 10, "end": 12})["list"][0]["metrics"]
by_epoch = run.metrics(["loss"], x_axis="epoch")["list"][0]["metrics"]
media = run.medias(["note"], step=7)["list"][0]["metrics"][0]["items"][0]
log = urllib.request.urlopen(run.export_logs().data["url"]).read().decode()
print(json.dumps({
    "keys": run.series().json()["keys"],
    "media keys": run.series(metric_type="MEDIA").json()["keys"],
    "points": len(sampled["metrics"]), "first": sampled["metrics"][0]["index"], "last": sampled["metrics"][-1]["index"],
    "min": sampled["min"]["data"], "max": sampled["max"]["data"], "median": sampled["median"]["data"],
    "whole": len(whole), "sum": sum(one["value"] for one in whole), "some": [one["value"] for one in some],
    "by epoch": sorted({one["index"] for one in by_epoch}),
    "summary": run.summary(["loss"])["loss"]["step"],
    "media": urllib.request.urlopen(media["url"]).read().decode(),
    "logs": any(line["message"] == "a printed line" for line in run.logs()["logs"]),
    "log file": "a printed line" in log,
    "none": len(none),
    "deleted": run.delete(commit=True), "left": len(list(api.runs(path))),
}))
`).ended
      expect(code, output).toBe(0)
      expect(lastLine(output)).toEqual({
        keys: ['epoch', 'loss'],
        'media keys': ['note'],
        points: 100,
        first: 0,
        last: 2999,
        min: -1999,
        max: 1000,
        median: -499.5,
        whole: 3000,
        sum: -1498500,
        some: [990, 989, 988],
        'by epoch': [0, 1, 2],
        summary: 2999,
        media: 'hello',
        logs: true,
        'log file': true,
        none: 0,
        deleted: true,
        left: 0,
      })
    },
    2 * MINUTE,
  )

  test.skipIf(!atLength)('`swanlab ping` and `swanlab login` find the server', async () => {
    const given = { ...inEnvironment, host: server.baseUrl, key }
    if (!isOld) {
      const ping = await startProgram('swanlab', ['ping'], given).ended
      expect(ping.code, ping.output).toBe(0)
    }
    const webHost = isOld ? ['--web-host', server.baseUrl] : []
    const login = ['login', '--relogin', '--host', server.baseUrl, ...webHost, '--api-key', key]
    const ended = await startProgram('swanlab', login, given).ended
    expect(ended.code, ended.output).toBe(0)
    expect(ended.output).toContain(person.workspace)
  })
})

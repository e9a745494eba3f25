import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ProviderStandIn } from '@anneal/providers/testing'
import { startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { startProgram, startScript } from './support/sdk.ts'
import { Tab, textOf } from './support/socket.ts'
import { sql } from './support/sql.ts'
import { hasEngine, trainsAtLength } from './support/training.ts'
import { addModel, answerText, ask, audit, getGeneration, makeUser, unique } from './support/world.ts'

const MINUTE = 60_000
const root = path.resolve(import.meta.dirname, '../..')

let server: TestServer
let client: Client
let standIn: ProviderStandIn

beforeAll(async () => {
  standIn = await startProviderStandIn({
    reply: ({ prompt }) => ({
      text: `${prompt}: ${Array.from({ length: 60 }, (_, index) => `w${index}`).join(' ')}`,
    }),
    tokenDelayMs: 15,
  })
  server = await startServer()
  client = await server.adminClient()
})
afterAll(async () => {
  await server?.close()
  await standIn?.close()
})

describe('twelve tabs', () => {
  test('of one person, with three answers streaming at once, each whole in every tab, and requests answered meanwhile', async () => {
    const model = await addModel(client, standIn)
    const tabs = await Promise.all(Array.from({ length: 12 }, () => Tab.open(client)))
    const asked = await Promise.all(['one', 'two', 'three'].map((text) => ask(client, model.id, text)))
    for (const tab of tabs) for (const { generationId } of asked) tab.watch('generation', generationId)
    const latencies: number[] = []
    const isEverythingDone = () =>
      tabs.every((tab) => asked.every(({ generationId }) => tab.isDone(generationId)))
    while (!isEverythingDone()) {
      const began = performance.now()
      await client.call('auth.me')
      latencies.push(performance.now() - began)
      await pause(50)
    }
    for (const [index, { generationId }] of asked.entries()) {
      const whole = answerText((await getGeneration(client, generationId)).parts)
      expect(whole.startsWith(['one', 'two', 'three'][index]!)).toBe(true)
      for (const tab of tabs) {
        expect(textOf(tab.events(generationId))).toBe(whole)
        const numbers = tab.events(generationId).map(({ seq }) => seq)
        expect(numbers).toEqual(numbers.map((_, at) => at + 1))
      }
    }
    expect(latencies.length).toBeGreaterThan(5)
    expect(latencies.toSorted((a, b) => a - b)[Math.floor(latencies.length / 2)]!).toBeLessThan(500)
    for (const tab of tabs) tab.close()
  })

  test('a tab that comes back goes on where it was, missing nothing and hearing nothing twice', async () => {
    const first = await Tab.open(client)
    const one = await client.call('chat.createConversation', { body: { title: 'one' } })
    await until(() => first.changes('conversation', one.id).length > 0)
    const seen = first.of('change').at(-1)!.number
    first.close()
    await until(() => first.closed)
    const missed = await client.call('chat.createConversation', { body: { title: 'missed' } })
    const again = await Tab.open(client, seen)
    await until(() => again.changes('conversation', missed.id).length > 0)
    expect(again.changes('conversation', one.id)).toEqual([])
    expect(again.of('change').every(({ number }) => number > seen)).toBe(true)
    again.close()
  })

  test('an answer is taken up in the middle by its number', async () => {
    const model = await addModel(client, standIn)
    const first = await Tab.open(client)
    const { generationId } = await ask(client, model.id, 'resume')
    first.watch('generation', generationId)
    await until(() => first.events(generationId).length >= 5)
    first.close()
    const heard = first.events(generationId)
    const second = await Tab.open(client)
    second.watch('generation', generationId, heard.at(-1)!.seq)
    await until(() => second.isDone(generationId))
    const rest = second.events(generationId)
    expect(rest[0]!.seq).toBe(heard.at(-1)!.seq + 1)
    const whole = answerText((await getGeneration(client, generationId)).parts)
    expect(textOf([...heard, ...rest])).toBe(whole)
    second.close()
  })
})

const create = (email: string, scopes: string[] = []) =>
  spawnSync(
    process.execPath,
    [
      path.join(root, 'apps/server/src/cli/main.ts'),
      'create-key',
      '--email',
      email,
      ...scopes.flatMap((scope) => ['--scope', scope]),
    ],
    {
      cwd: root,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        ANNEAL_DATA: server.dataFolder,
        ANNEAL_PORT: String(server.port),
        ...(server.databaseUrl && { ANNEAL_DATABASE_URL: server.databaseUrl }),
      },
    },
  )

test('`anneal create-key` asks the running server, and prints the key alone on its last line', async () => {
  const { email, id } = await makeUser(server, client, 'member')
  const made = create(email, ['tracking', 'api:read'])
  expect(made.stderr).toBe('')
  expect(made.status).toBe(0)
  const key = made.stdout.trimEnd().split('\n').at(-1)!
  expect(key).toMatch(/^[A-Za-z0-9]{21}$/)
  const byKey = server.client()
  byKey.token = key
  expect((await byKey.call('auth.me')).id).toBe(id)
  expect((await byKey.send('chat.createConversation', { body: {} })).status).toBe(403)
  const unknown = create('nobody@example.com')
  expect(unknown.status).not.toBe(0)
  expect(unknown.stderr.trim().split('\n')).toHaveLength(1)
})

test('`anneal reset-password` prints a link that sets a new password, alone on its last line', async () => {
  const { email } = await makeUser(server, client, 'member')
  const run = (...args: string[]) =>
    spawnSync(
      process.execPath,
      [path.join(root, 'apps/server/src/cli/main.ts'), 'reset-password', '--email', ...args],
      {
        cwd: root,
        encoding: 'utf8',
        env: {
          PATH: process.env.PATH,
          ANNEAL_DATA: server.dataFolder,
          ANNEAL_PORT: String(server.port),
          ...(server.databaseUrl && { ANNEAL_DATABASE_URL: server.databaseUrl }),
        },
      },
    )
  const made = run(email.toUpperCase(), '--clear-factors')
  expect([made.stderr, made.status]).toEqual(['', 0])
  expect(made.stdout).toContain('Second factors taken away: 0.')
  const token = /#([\w-]{43})$/.exec(made.stdout.trimEnd())?.[1] ?? ''
  const password = 'nine grey stones by the sea'
  await server.client().call('auth.resetPassword', { body: { token, password } })
  await server.client().signIn(email, password)
  const unknown = run('nobody@example.com')
  expect(unknown.status).not.toBe(0)
  expect(unknown.stderr.trim().split('\n')).toHaveLength(1)
})

describe.skipIf(!hasEngine)("SwanLab's own SDK", () => {
  let person: Awaited<ReturnType<typeof makeUser>>
  let key: string
  let keyId: string

  beforeAll(async () => {
    person = await makeUser(server, client, 'member')
    const made = await person.client.call('auth.createKey', { body: { name: 'sdk', scopes: ['tracking'] } })
    key = made.key
    keyId = made.id
  })
  const run = (source: string, limitMs?: number) =>
    startScript(source, { host: server.baseUrl, key, ...(limitMs && { limitMs }) })

  const runOf = async (cuid: string) => {
    const [row] = await sql(
      server,
      `select r.id, r.owner_id, r.state, r.profile, p.workspace, p.name as project
       from tracked_run r join project p on p.id = r.project_id where r.cuid = ?`,
      [cuid],
    )
    return row as Record<string, string>
  }
  const pointsOf = async (cuid: string, ...keys: string[]) => {
    const { id } = await runOf(cuid)
    const query = { keys: keys.map(encodeURIComponent).join(',') }
    const { series } = await person.client.call('tracking.points', { params: { id: id! }, query })
    return Object.fromEntries(series.map((one) => [one.key, one]))
  }
  const linesOf = async (id: string) =>
    (await person.client.call('tracking.lines', { params: { id }, query: { limit: 1000 } })).items
  const cuid = unique('run').replace('-', '')

  test('`swanlab ping`', async () => {
    const { code, output } = await startProgram('swanlab', ['ping'], { host: server.baseUrl, key }).ended
    expect(code, output).toBe(0)
  })

  test(
    'scalars, printed lines and configuration are where they belong, and the end is known',
    async () => {
      const script = run(`
import math, swanlab
run = swanlab.init(project="anneal-test", experiment_name="first", id="${cuid}", resume="allow",
                   config={"rate": 0.1, "deep": {"er": [1, 2]}, "text": "淬炼"})
for step in range(1, 51):
    swanlab.log({"train/loss": 1 / step, "train/Loss": step, "acc": math.nan if step == 7 else step / 50}, step=step)
print("a printed line")
print("a second line, 中文")
swanlab.finish()
`)
      const ended = await script.ended
      expect(ended.code, ended.output).toBe(0)
      const row = await runOf(cuid)
      expect(row).toMatchObject({
        owner_id: person.id,
        workspace: person.workspace,
        project: 'anneal-test',
        state: 'finished',
      })
      const series = await pointsOf(cuid, 'train/loss', 'train/Loss', 'acc')
      const steps = Array.from({ length: 50 }, (_, index) => index + 1)
      for (const one of Object.values(series)) expect(one.step, one.key).toEqual(steps)
      expect(series['train/loss']!.value[3]).toBe(0.25)
      expect(series['train/Loss']!.value).toEqual(steps)
      expect(series.acc!.value[6]).toBeNull()
      const messages = (await linesOf(row.id!)).map(({ message }) => message)
      expect(messages).toContain('a printed line')
      expect(messages).toContain('a second line, 中文')
      const profile = JSON.parse(row.profile!) as { config: Record<string, { value: unknown }> }
      expect(profile.config.rate!.value).toBe(0.1)
      expect(profile.config.text!.value).toBe('淬炼')
      const actions = (await audit(client))
        .filter(({ targetId }) => targetId === row.id)
        .map(({ action }) => action)
      expect(actions.toSorted()).toEqual(['tracked-run.ended', 'tracked-run.started'])
    },
    MINUTE,
  )

  test(
    'a resumed run goes on where it was: no point twice, none lost, the configuration kept',
    async () => {
      const script = run(`
import swanlab
run = swanlab.init(project="anneal-test", id="${cuid}", resume="must")
for step in range(45, 61):
    swanlab.log({"train/loss": -step, "new": step}, step=step)
print("after the resume")
swanlab.finish()
`)
      const ended = await script.ended
      expect(ended.code, ended.output).toBe(0)
      const series = await pointsOf(cuid, 'train/loss', 'new')
      expect(series['train/loss']!.step).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
      // The SDK drops what the server has already.
      expect(series['train/loss']!.value[49]).toBe(1 / 50)
      expect(series['train/loss']!.value[59]).toBe(-60)
      expect(series.new!.step.at(-1)).toBe(60)
      const row = await runOf(cuid)
      expect(row.state).toBe('finished')
      expect(
        (JSON.parse(row.profile!) as { config: Record<string, { value: unknown }> }).config.rate!.value,
      ).toBe(0.1)
      const epochs = (await linesOf(row.id!)).map(({ epoch }) => epoch)
      expect(epochs).toEqual([...new Set(epochs)])
    },
    MINUTE,
  )

  test.skipIf(!trainsAtLength)(
    'a run goes on while the server restarts, and loses nothing',
    async () => {
      const id = unique('run').replace('-', '')
      const script = run(`
import swanlab, time
swanlab.init(project="anneal-test", id="${id}", resume="allow")
for step in range(1, 21):
    swanlab.log({"train/loss": step}, step=step)
    print("step", step)
    time.sleep(0.4)
swanlab.finish()
`)
      await until(() => script.output().includes('step 5'), { timeoutMs: 30_000, what: 'the fifth step' })
      await server.restart('SIGKILL')
      client = await server.adminClient()
      const ended = await script.ended
      expect(ended.code, ended.output).toBe(0)
      await person.client.signIn(person.email, person.password)
      const series = await pointsOf(id, 'train/loss')
      expect(series['train/loss']!.step).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
      expect((await runOf(id)).state).toBe('finished')
    },
    2 * MINUTE,
  )

  test.skipIf(!trainsAtLength)(
    'a key that has ended: nothing is taken, and the script ends without a hang',
    async () => {
      const id = unique('run').replace('-', '')
      const script = run(`
import swanlab, time
swanlab.init(project="anneal-test", id="${id}", resume="allow")
for step in range(1, 13):
    swanlab.log({"train/loss": step}, step=step)
    print("step", step)
    time.sleep(0.7)
swanlab.finish()
`)
      await until(
        async () =>
          (await runOf(id)) &&
          Object.values(await pointsOf(id, 'train/loss')).some(({ step }) => step.length > 0),
        {
          timeoutMs: 30_000,
          what: 'the first points',
        },
      )
      await person.client.call('auth.revokeKey', { params: { id: keyId } })
      const revokedAt = (await pointsOf(id, 'train/loss'))['train/loss']!.step.length
      const ended = await script.ended
      expect(ended.output).toContain('step 12')
      expect(ended.seconds).toBeLessThan(50)
      expect(ended.code).not.toBeNull()
      const kept = (await pointsOf(id, 'train/loss'))['train/loss']!.step.length
      expect(kept).toBeLessThan(12)
      expect(kept).toBeLessThanOrEqual(revokedAt + 2)
      const dropped = (await audit(client)).filter(({ action }) => action === 'tracking.data-dropped')
      expect(dropped).toHaveLength(1)
      const again = await run('import swanlab\nswanlab.init(project="anneal-test")\n', 40_000).ended
      expect(again.code).not.toBe(0)
      expect(again.code).not.toBeNull()
    },
    2 * MINUTE,
  )
})

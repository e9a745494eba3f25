import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { ProviderStandIn } from '@anneal/providers/testing'
import { startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { modules } from '../../apps/server/src/modules.ts'
import { platformSecrets } from '../../apps/server/src/platform/secrets/index.ts'
import { keyId } from '../../apps/server/src/platform/secrets/secrets.ts'
import type { Client } from '../support/client.ts'
import { databaseOfRun } from '../support/database.ts'
import { encryptedColumns } from '../support/secrets-at-rest.ts'
import { startServer, type ServerOptions, type TestServer } from '../support/server.ts'
import { until } from '../support/until.ts'
import { anneal, startAnneal } from './support/cli.ts'
import { sql } from './support/sql.ts'
import { addModel, ask, audit, getGeneration, untilEnded } from './support/world.ts'

let standIn: ProviderStandIn
const servers: TestServer[] = []
beforeAll(async () => {
  standIn = await startProviderStandIn()
})
afterEach(async () => {
  for (const server of servers.splice(0).toReversed()) await server.close()
})
afterAll(() => standIn?.close())

async function serve(options: ServerOptions = {}): Promise<TestServer> {
  const server = await startServer(options)
  servers.push(server)
  return server
}

const keyFile = (server: TestServer) => path.join(server.dataFolder, 'master.key')
const idOf = (text: string) => keyId(Buffer.from(text.trim(), 'base64'))
const presentKey = (server: TestServer) => idOf(readFileSync(keyFile(server), 'utf8'))

/** How many connections hold a key that is encrypted under this one. */
async function underKey(server: TestServer, id: string): Promise<number> {
  const [row] = await sql(server, 'select count(*) as n from connection where api_key like ?', [`v1.${id}.%`])
  return Number(row?.n)
}

/** Ten thousand connections, as a large instance would never have, so that a change lasts. */
async function manyConnections(server: TestServer): Promise<number> {
  const [row] = await sql(server, 'select * from connection')
  const columns = Object.keys(row ?? {}).filter((column) => column !== 'id' && column !== 'name_key')
  const digits = Array.from({ length: 10 }, (_, n) => `select ${n} as n`).join(' union all ')
  const places = ['a', 'b', 'c', 'd'].map((name) => `(${digits}) ${name}`).join(', ')
  const number = 'a.n + 10 * b.n + 100 * c.n + 1000 * d.n'
  await sql(
    server,
    `insert into connection (id, name_key, ${columns.join(', ')})
    select concat(substr(id, 1, 20), ${number}), concat('copy', ${number}), ${columns.join(', ')}
    from connection, ${places}`,
  )
  return 10_000
}

async function answers(client: Client, modelId: string): Promise<void> {
  const before = standIn.requests.length
  const { generationId } = await ask(client, modelId, 'Hello')
  await untilEnded(client, generationId)
  expect((await getGeneration(client, generationId)).state).toBe('finished')
  expect(standIn.requests.slice(before).map(({ headers }) => headers.authorization)).toContain(
    'Bearer sk-for-the-stand-in',
  )
}

test('a running server goes on through the change, and starts again with the new key alone', async () => {
  const server = await serve()
  const client = await server.adminClient()
  const model = await addModel(client, standIn)
  const old = presentKey(server)
  await client.call('auth.refresh')
  const changed = await anneal(server, ['rotate-key'])
  expect(changed.output).toMatch(/^\d+ secrets are encrypted under the new master key/)
  expect(changed.code).toBe(0)
  expect(statSync(keyFile(server)).mode & 0o777).toBe(0o600)
  expect(existsSync(`${keyFile(server)}.next`)).toBe(false)
  const now = presentKey(server)
  expect(now).not.toBe(old)
  expect([await underKey(server, old), await underKey(server, now)]).toEqual([0, 1])
  await client.call('auth.me')
  await answers(client, model.id)
  // Nothing of the old key is left, wherever it might stand.
  const stored = await encryptedColumns(server, old)
  expect(stored).toEqual([])
  await server.restart()
  expect((await client.call('auth.me')).role).toBe('administrator')
  await answers(client, model.id)
  const actions = (await audit(client)).map(({ action }) => action)
  expect(actions).toEqual(expect.arrayContaining(['master-key.change-begun', 'master-key.changed']))
})

test('every column that holds an encrypted text is declared by its module', async () => {
  const server = await serve()
  const client = await server.adminClient()
  await addModel(client, standIn)
  await client.call('auth.refresh')
  const declared = [...platformSecrets, ...modules.flatMap((module) => module.secrets ?? [])]
  const names = declared.map(({ table, column }) => `${table}.${column}`)
  const found = await encryptedColumns(server, presentKey(server))
  expect(found).toEqual(expect.arrayContaining(['connection.api_key', 'signing_key.private_key']))
  expect(found.filter((name) => !names.includes(name))).toEqual([])
  for (const { table, key, column } of declared)
    expect(
      await sql(server, `select ${key}, ${column} from ${table} where ${column} like ?`, ['v1.%']),
    ).toBeDefined()
})

test('killed in the middle, the server starts with both keys, and the next call goes on', async () => {
  const server = await serve()
  const model = await addModel(await server.adminClient(), standIn)
  const count = await manyConnections(server)
  const old = presentKey(server)
  const changing = startAnneal(server, ['rotate-key'])
  const waiting = `${keyFile(server)}.next`
  // The new key stands in the folder before anything is written with it.
  const next = await until(() => idOf(readFileSync(waiting, 'utf8')), { everyMs: 1, timeoutMs: 30_000 })
  // The command line would go on by itself where its server is gone.
  changing.child.kill('SIGKILL')
  await server.stop('SIGKILL')
  await changing.ended
  expect(await underKey(server, next)).toBeLessThan(count)
  expect(presentKey(server)).toBe(old)
  await server.start()
  const client = await server.adminClient()
  await answers(client, model.id)
  const again = await anneal(server, ['rotate-key'])
  expect(again).toMatchObject({ code: 0 })
  expect(presentKey(server)).toBe(next)
  expect([await underKey(server, old), await underKey(server, next)]).toEqual([0, count + 1])
  await server.restart()
  await answers(client, model.id)
})

test('without a running server it is done too; one that comes up with the old key is told why it does not', async () => {
  const server = await serve()
  const model = await addModel(await server.adminClient(), standIn)
  const before = readFileSync(keyFile(server), 'utf8').trim()
  await server.stop()
  expect(await anneal(server, ['rotate-key'])).toMatchObject({ code: 0 })
  const wrong = await anneal(server, ['create-key', '--email', 'nobody@example.com'], {
    ANNEAL_MASTER_KEY: before,
  })
  expect(wrong).toMatchObject({ code: 1, output: expect.stringContaining('under another master key') })
  await server.start()
  await answers(await server.adminClient(), model.id)
})

test('a key of the environment is changed only to one that is given, and in words', async () => {
  const first = randomBytes(32).toString('base64')
  const server = await serve({ env: { ANNEAL_MASTER_KEY: first } })
  const client = await server.adminClient()
  const model = await addModel(client, standIn)
  const refused = await anneal(server, ['rotate-key'])
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('--key-file') })
  const file = path.join(server.dataFolder, 'new.key')
  const changed = await anneal(server, ['rotate-key', '--key-file', file])
  expect(changed).toMatchObject({ code: 0, output: expect.stringContaining('put the new one there') })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(existsSync(keyFile(server))).toBe(false)
  await answers(client, model.id)
  const made = readFileSync(file, 'utf8').trim()
  expect([await underKey(server, idOf(first)), await underKey(server, idOf(made))]).toEqual([0, 1])
  const same = await anneal(server, ['rotate-key', '--key-file', file])
  expect(same).toMatchObject({ code: 1, output: expect.stringContaining('present master key') })
  await server.stop()
  const withNew = await serve({
    dataFolder: server.dataFolder,
    ...(server.databaseUrl ? { databaseUrl: server.databaseUrl } : {}),
    env: { ANNEAL_MASTER_KEY: made },
  })
  await answers(await withNew.adminClient(), model.id)
})

// SQLite's file belongs to one server.
describe.skipIf(databaseOfRun() === 'sqlite')('two servers of one database', () => {
  test('both read and write all along, and both start again', async () => {
    const a = await serve()
    const key = readFileSync(keyFile(a), 'utf8').trim()
    const { databaseUrl = '' } = a
    const b = await serve({ databaseUrl, env: { ANNEAL_MASTER_KEY: key } })
    const [onA, onB] = [await a.adminClient(), await b.adminClient()]
    const model = await addModel(onA, standIn)
    await manyConnections(a)
    let asking = true
    const failures: unknown[] = []
    const keepAsking = async (client: Client) => {
      while (asking) {
        await answers(client, model.id).catch((error: unknown) => failures.push(error))
        await client.call('auth.refresh').catch((error: unknown) => failures.push(error))
        await addModel(client, standIn).catch((error: unknown) => failures.push(error))
      }
    }
    const busy = [keepAsking(onB)]
    const changed = await anneal(a, ['rotate-key'])
    asking = false
    await Promise.all(busy)
    expect(changed).toMatchObject({ code: 0 })
    expect(failures).toEqual([])
    const now = presentKey(a)
    const [rows] = await sql(a, 'select count(*) as n from connection where api_key is not null')
    expect(await underKey(a, now)).toBe(Number(rows?.n))
    expect(await underKey(a, idOf(key))).toBe(0)
    await until(() => b.logs.includes('put the new one into ANNEAL_MASTER_KEY'), { what: 'the word on b' })
    await answers(onB, model.id)
    await a.restart()
    await answers(onA, model.id)
    await b.stop()
    await expect(b.start()).rejects.toThrow('under another master key')
  })
})

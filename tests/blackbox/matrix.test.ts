import { createPrivateKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { KeyScope } from '@anneal/contract'
import { keyScopes, roles } from '@anneal/contract'
import type { ProviderStandIn } from '@anneal/providers/testing'
import { startProviderStandIn } from '@anneal/providers/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSecrets } from '../../apps/server/src/platform/secrets/secrets.ts'
import { addressOf, type Client } from '../support/client.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { answerOf, type Answered } from './support/answer.ts'
import { refusalOf, type Asker } from './support/expected-answer.ts'
import { routeTable, type RouteRow, type World } from './support/route-table.ts'
import { sql } from './support/sql.ts'
import { openWire, type Wire } from './support/wire.ts'
import { addModel, makeUser, unique, untilChecked } from './support/world.ts'

let server: TestServer
let standIn: ProviderStandIn
let world: World
const askers: [name: string, asker: Asker, client: Client][] = []

/** A token of a session that the server itself might have made an hour ago. */
async function expiredToken(of: Client): Promise<string> {
  const [key] = await sql(server, 'select kid, private_key from signing_key')
  const master = Buffer.from(
    readFileSync(path.join(server.dataFolder, 'master.key'), 'utf8').trim(),
    'base64',
  )
  const pem = createSecrets(master).decrypt(String(key?.private_key))
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = JSON.parse(Buffer.from(of.token!.split('.')[1]!, 'base64url').toString()) as Record<
    string,
    number
  >
  const anHourAgo = { ...claims, iat: claims.iat! - 3600, exp: claims.exp! - 3600 }
  const head = part({ alg: 'EdDSA', typ: 'JWT', kid: key?.kid })
  const signed = `${head}.${part(anHourAgo)}`
  const signature = sign(null, Buffer.from(signed), createPrivateKey(pem)).toString('base64url')
  return `${signed}.${signature}`
}

async function keyOf(owner: Client, scopes: readonly KeyScope[]): Promise<Client> {
  const client = server.client()
  client.token = (
    await owner.call('auth.createKey', { body: { name: unique('key'), scopes: [...scopes] } })
  ).key
  return client
}

async function makeWorld(admin: Client): Promise<World> {
  const model = await addModel(admin, standIn)
  const uploaded = await admin.send('datasets.upload', {
    query: { name: unique('data'), visibility: 'everyone' },
    body: `${JSON.stringify({ prompt: 'q', completion: 'a' })}\n`,
  })
  const { id: datasetId } = (await uploaded.json()) as { id: string }
  await untilChecked(admin, datasetId)
  const prompt = unique('prompt')
  await admin.call('prompts.create', { body: { name: prompt, text: 'Hello', visibility: 'everyone' } })
  return { modelId: model.id, datasetId, prompt, workspace: 'nobody', standInUrl: standIn.url }
}

beforeAll(async () => {
  standIn = await startProviderStandIn()
  // No Python: whoever may prepare the engine is told so, and nothing is downloaded.
  server = await startServer({ env: { ANNEAL_PYTHON: '/bin/false' } })
  const admin = await server.adminClient()
  world = await makeWorld(admin)
  askers.push(['nobody', { kind: 'nobody' }, server.client()])
  for (const role of roles) {
    const { client } = await makeUser(server, admin, role)
    askers.push([role, { kind: 'user', role }, client])
    if (role === 'viewer') continue
    // Of someone else: what a key does to its owner's sessions must not end the one above.
    const owner = await makeUser(server, admin, role)
    const asker: Asker = { kind: 'key', role, scopes: keyScopes }
    askers.push([`a key of a ${role}`, asker, await keyOf(owner.client, keyScopes)])
  }
  const { client: owner } = await makeUser(server, admin, 'administrator')
  for (const scope of keyScopes) {
    const rest = keyScopes.filter((one) => one !== scope)
    askers.push([
      `a key with ${scope} alone`,
      { kind: 'key', role: 'administrator', scopes: [scope] },
      await keyOf(owner, [scope]),
    ])
    askers.push([
      `a key without ${scope}`,
      { kind: 'key', role: 'administrator', scopes: rest },
      await keyOf(owner, rest),
    ])
  }
  const late = server.client()
  late.token = await expiredToken(owner)
  askers.push(['a token that has run out', { kind: 'ended', code: 'auth.token-expired' }, late])
  const { id, client: disabled } = await makeUser(server, admin, 'administrator')
  const key = await keyOf(disabled, keyScopes)
  await admin.call('auth.updateUser', { params: { id }, body: { version: 1, disabled: true } })
  askers.push(['a disabled user', { kind: 'ended', code: 'auth.session-ended' }, disabled])
  askers.push(["a disabled user's key", { kind: 'ended', code: 'auth.unauthenticated' }, key])
})
afterAll(async () => {
  await server?.close()
  await standIn?.close()
})

const isWell = ({ status }: Answered) => status < 400

/** Whether whoever may call it was answered as a good input is. */
function fits({ says }: RouteRow, answer: Answered): boolean {
  return isWell(answer) || (says?.includes(answer.status) ?? false)
}

test.each(routeTable.map((row) => [row.name, row] as const))('%s', async (name, row) => {
  const wrong: string[] = []
  const order = askers.toSorted(
    ([, a], [, b]) =>
      Number(refusalOf(row.definition, b) !== null) - Number(refusalOf(row.definition, a) !== null),
  )
  for (const [who, asker, client] of order) {
    // Who asks makes no difference there (and a sign-out would end the asker's session).
    if (row.definition.permission === 'public' && asker.kind !== 'nobody') continue
    const answer = await answerOf(await client.send(name, row.input(world)))
    const said = `${who}: ${answer.status} ${answer.code ?? ''}`
    const refusal = refusalOf(row.definition, asker)
    if (refusal) {
      if (answer.status !== refusal.status || answer.code !== refusal.code)
        wrong.push(`${said}, and the contract says ${refusal.status} ${refusal.code}`)
    } else if (row.definition.dialect === 'swanlab' && row.definition.scope !== 'none') {
      if (answer.status !== 401) wrong.push(`${said}, without a session`)
    } else if (!fits(row, answer)) wrong.push(`${said}, to a good input`)
  }
  expect(wrong).toEqual([])
})

describe('SwanLab’s wire, by its session', () => {
  const wireRows = routeTable.filter(
    ({ name, definition }) =>
      definition.dialect === 'swanlab' && definition.scope === 'tracking' && name !== 'swanlab.login',
  )
  const call = async (wire: Wire, row: RouteRow): Promise<number> => {
    const input = row.input({ ...world, workspace: wire.workspace })
    const [method, address] = addressOf(row.name, input)
    return (await wire.call(method, address.replace(/^\/api/, ''), input.body)).status
  }

  test('one that lives is let in, one whose key has ended reads nothing, and its data is answered well', async () => {
    const { client } = await makeUser(server, await server.adminClient(), 'member')
    const wire = await openWire(server.baseUrl, client)
    const alive: string[] = []
    for (const row of wireRows) {
      const status = await call(wire, row)
      if (status === 401 || status === 403 || status >= 500) alive.push(`${row.name} ${status}`)
    }
    expect(alive).toEqual([])
    await client.call('auth.revokeKey', { params: { id: wire.keyId } })
    const ended: string[] = []
    for (const row of wireRows) {
      const status = await call(wire, row)
      const isRight = row.dropped ? status >= 200 && status < 300 : status === 401
      if (!isRight) ended.push(`${row.name} ${status}`)
    }
    expect(ended).toEqual([])
    wire.sid = 'made-up'
    const unknown: string[] = []
    for (const row of wireRows) if ((await call(wire, row)) !== 401) unknown.push(row.name)
    expect(unknown).toEqual([])
  })
})

test('a key can never do more than its owner now may', async () => {
  const admin = await server.adminClient()
  const { id, client } = await makeUser(server, admin, 'manager')
  const key = await keyOf(client, keyScopes)
  const tried = routeTable.filter(
    ({ definition: { permission, path: address, dialect } }) =>
      permission !== 'public' && dialect === undefined && !address.includes(':'),
  )
  const asNow: Asker = { kind: 'key', role: 'viewer', scopes: keyScopes }
  await admin.call('auth.updateUser', { params: { id }, body: { version: 1, role: 'viewer' } })
  const wrong: string[] = []
  for (const row of tried) {
    const refusal = refusalOf(row.definition, asNow)
    if (!refusal) continue
    const answer = await answerOf(await key.send(row.name, row.input(world)))
    if (answer.status !== refusal.status || answer.code !== refusal.code)
      wrong.push(`${row.name}: ${answer.status} ${answer.code ?? ''}`)
  }
  expect(wrong).toEqual([])
})

test("a role is changed by someone signed in, and by no key of anybody's", async () => {
  const admin = await server.adminClient()
  const other = await makeUser(server, admin, 'member')
  const key = await keyOf(admin, keyScopes)
  const change = (body: object) =>
    key.send('auth.updateUser', { params: { id: other.id }, body: { version: 1, ...body } })
  expect(await answerOf(await change({ role: 'administrator' }))).toEqual({
    status: 403,
    code: 'auth.session-needed',
  })
  expect((await change({ name: 'renamed' })).status).toBe(200)
})

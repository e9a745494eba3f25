import { keyScopes } from '@anneal/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Context } from '../../platform/context.ts'
import { write } from '../../platform/write.ts'
import { authenticate, authenticateKey, contextForUser } from './authenticate.ts'
import type { AuthPlatform } from './auth.testing.ts'
import { auditActions, openAuthPlatform, password, testDialects } from './auth.testing.ts'
import { createKey } from './create-key.ts'
import { createUser } from './create-user.ts'
import { createKeyFor } from './first-administrator.ts'
import { listKeys } from './list-keys.ts'
import { revokeKey } from './revoke-key.ts'
import { createRunKey, endRunKey } from './run-keys.ts'
import { until } from '../../../../../tests/support/until.ts'

describe.each(testDialects)('API keys on %s', (dialect) => {
  let opened: AuthPlatform
  let lin: Context
  let mei: Context
  beforeAll(async () => {
    opened = await openAuthPlatform(dialect)
    const make = async (email: string) => {
      const user = await createUser(opened.system, { email, role: 'manager', password })
      return contextForUser(opened.platform, user.id)
    }
    lin = await make('lin@example.com')
    mei = await make('mei@example.com')
  })
  afterAll(() => opened.close())

  const newKey = (ctx: Context, expiresAt: string | null = null) =>
    createKey(ctx, { name: 'script', scopes: [...keyScopes], expiresAt })
  const bare = (key: string) => authenticateKey(opened.platform, key)

  test('a key has 21 letters and digits, acts for its owner, and is stored nowhere', async () => {
    const made = await newKey(lin)
    expect(made.key).toMatch(/^[A-Za-z0-9]{21}$/)
    expect(made.ending).toBe(made.key.slice(-4))
    const actor = await authenticate(opened.platform, `Bearer ${made.key}`)
    expect(actor).toMatchObject({ kind: 'key', role: 'manager', keyId: made.id, trainingRunId: null })
    const listed = await listKeys(lin, { limit: 10 })
    expect(JSON.stringify(listed)).not.toContain(made.key)
    expect(await auditActions(opened)).toContain('key.created')
  })

  test('its last use is written down', async () => {
    const made = await newKey(lin)
    await bare(made.key)
    await until(async () => {
      const { items } = await listKeys(lin, { limit: 100 })
      return items.find((item) => item.id === made.id)?.lastUsedAt != null
    })
  })

  test('a revoked key ends at once; revoking it again finds nothing', async () => {
    const made = await newKey(lin)
    expect(await bare(made.key)).not.toBeNull()
    await revokeKey(lin, made.id)
    expect(await bare(made.key)).toBeNull()
    await expect(revokeKey(lin, made.id)).rejects.toMatchObject({ code: 'auth.key-not-found' })
  })

  test("another's key cannot be revoked", async () => {
    const made = await newKey(lin)
    await expect(revokeKey(mei, made.id)).rejects.toMatchObject({ code: 'auth.key-not-found' })
    expect(await bare(made.key)).not.toBeNull()
  })

  test('a key ends with its expiry', async () => {
    const made = await newKey(lin, new Date(opened.platform.clock.now() + 60_000).toISOString())
    expect(await bare(made.key)).not.toBeNull()
    opened.passTime(60_001)
    expect(await bare(made.key)).toBeNull()
  })

  test("a training run's key logs for that run alone, and ends with it", async () => {
    const userId = lin.actor.kind === 'user' ? lin.actor.userId : ''
    const system = opened.system
    const key = await write(system, (tx) => createRunKey(tx, { trainingRunId: 'run-1', ownerId: userId }), {
      unaudited: 'test',
    })
    const actor = await bare(key)
    expect(actor).toMatchObject({ kind: 'key', trainingRunId: 'run-1' })
    expect([...(actor?.scopes ?? [])]).toEqual(['tracking'])
    expect([...(actor?.permissions ?? [])].toSorted()).toEqual(['tracking.read', 'tracking.write'])
    expect((await listKeys(lin, { limit: 100 })).items.map((item) => item.name)).not.toContain('run-1')
    await write(system, (tx) => endRunKey(tx, 'run-1'), { unaudited: 'test' })
    await until(async () => (await bare(key)) === null)
  })

  test('the operator makes a key for a user, and not for nobody', async () => {
    const key = await createKeyFor(opened.platform, { email: 'LIN@example.com', scopes: ['gateway'] })
    expect([...((await bare(key))?.scopes ?? [])]).toEqual(['gateway'])
    await expect(createKeyFor(opened.platform, { email: 'x@example.com' })).rejects.toMatchObject({
      code: 'auth.user-not-found',
    })
  })

  test('lists are paged, newest first', async () => {
    for (let count = 0; count < 5; count += 1) await newKey(mei)
    const first = await listKeys(mei, { limit: 3 })
    const second = await listKeys(mei, { limit: 3, cursor: first.nextCursor ?? '' })
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([3, 2, null])
    const ids = [...first.items, ...second.items].map((item) => item.id)
    expect(ids).toEqual(ids.toSorted().toReversed())
  })
})

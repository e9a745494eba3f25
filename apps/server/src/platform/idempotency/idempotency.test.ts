import type { RouteDefinition } from '@anneal/contract'
import { routes } from '@anneal/contract'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../context.ts'
import { openTestDb, testDialects, type TestDb } from '../db/testing.ts'
import { AppError } from '../errors.ts'
import { testPlatform } from '../testing.ts'
import { createSecrets } from '../secrets/index.ts'
import { idempotencyMigrations, runIdempotently } from './index.ts'

const table: Record<string, RouteDefinition> = routes
const idempotent = Object.values(table).filter((route) => route.idempotent)
const plain = idempotent.find((route) => !route.secretReply)!
const secret = idempotent.find((route) => route.secretReply)!

test('no route that anyone may call keeps replies: they would be given to whoever guesses the key', () => {
  expect(idempotent.filter((route) => route.permission === 'public')).toEqual([])
})

describe.each(testDialects())('a write that is sent twice, %s', (dialect) => {
  let opened: TestDb
  let ctx: Context
  let now = Date.now()
  beforeEach(async () => {
    opened = await openTestDb(dialect, idempotencyMigrations)
    const made = testPlatform(opened.db)
    const secrets = createSecrets(Buffer.alloc(32, 7))
    const platform = { ...made.platform, secrets, clock: { now: () => now } }
    ctx = { ...made.ctx, platform, route: 'chat.create' as Context['route'] }
  })
  afterEach(() => opened.close())

  let runs = 0
  const input = (body: unknown) => ({ params: {}, query: {}, body })
  const counting = async () => ({ id: `made ${++runs}`, text: '淬炼\u2028' })
  const send = (key: string, body: unknown = 'a', run: () => Promise<unknown> = counting, route = plain) =>
    runIdempotently(ctx, route, key, input(body), run)

  test('is run once, and its reply given again; another key is another write', async () => {
    const first = await send('k')
    expect(await send('k')).toEqual(first)
    expect(await send('other')).not.toEqual(first)
    const before = runs
    expect(await send('k')).toEqual(first)
    expect(runs).toBe(before)
  })

  test('with another body under the same key is refused', async () => {
    await send('k', { a: 1 })
    await expect(send('k', { a: 2 })).rejects.toMatchObject({ code: 'platform.idempotency-mismatch' })
  })

  test('while the first still runs is refused, and of many at once one is run', async () => {
    const gate = Promise.withResolvers<string>()
    const refused: string[] = []
    const all = Array.from({ length: 8 }, () =>
      send('k', 'a', () => gate.promise).catch((error: AppError) => void refused.push(error.code)),
    )
    await expect.poll(() => refused.length).toBe(7)
    gate.resolve('done')
    expect((await Promise.all(all)).filter((reply) => reply === 'done')).toHaveLength(1)
    expect(new Set(refused)).toEqual(new Set(['platform.idempotency-running']))
    expect(await send('k')).toBe('done')
  })

  test('whose reply holds a secret is not answered again', async () => {
    expect(await send('k', 'a', async () => 'the secret', secret)).toBe('the secret')
    await expect(send('k', 'a', counting, secret)).rejects.toMatchObject({
      code: 'platform.idempotency-secret',
    })
    const kept = await opened.db.read.dynamic<{ idempotency: { reply: string | null } }, { reply: unknown }>(
      (k) => k.selectFrom('idempotency').select('reply'),
    )
    expect(kept).toEqual([{ reply: null }])
  })

  test('and failed the first time is run again', async () => {
    const failing = () => Promise.reject(new AppError('platform.not-found'))
    await expect(send('k', 'a', failing)).rejects.toMatchObject({ code: 'platform.not-found' })
    expect(await send('k', 'a', async () => 'second')).toBe('second')
  })

  test('without a reply is answered so again', async () => {
    expect(await send('k', 'a', async () => undefined)).toBeUndefined()
    expect(await send('k')).toBeNull()
  })

  test('by two persons under one key are two writes', async () => {
    const first = await send('k')
    ctx = { ...ctx, actor: { ...ctx.actor, kind: 'user', userId: 'other' } as Context['actor'] }
    expect(await send('k')).not.toEqual(first)
  })

  test('is forgotten after a day, and after ten minutes where its server died', async () => {
    const first = await send('k')
    // Its work begins once the key is taken, and never ends.
    await new Promise<void>((begun) => {
      const never = () => new Promise<never>(() => begun())
      void send('dead', 'a', never).catch(() => undefined)
    })
    expect(await send('dead').catch((error: AppError) => error.code)).toMatch('running')
    now += 11 * 60 * 1000
    expect(await send('dead', 'a', async () => 'now')).toBe('now')
    expect(await send('k')).toEqual(first)
    now += 24 * 60 * 60 * 1000
    expect(await send('k')).not.toEqual(first)
  })

  test.each(['', 'x'.repeat(201)])('with an unusable key is refused: %j', async (key) => {
    await expect(send(key)).rejects.toMatchObject({ code: 'platform.invalid-input' })
  })
})

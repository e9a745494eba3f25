import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../../../../../tests/support/until.ts'
import type { Context } from '../context.ts'
import type { Db } from '../db/index.ts'
import { openTestDb, testDialects, type TestDb } from '../db/testing.ts'
import { eventsMigrations } from '../events/index.ts'
import { leaseMigrations } from '../lease/index.ts'
import { testPlatform } from '../testing.ts'
import { write } from '../write.ts'
import { type AuditReader, type AuditRow, auditMigrations, createAudit, verifyChain } from './index.ts'

type Tables = { audit_event: AuditRow }

describe.each(testDialects())('the audit, %s', (dialect) => {
  let opened: TestDb
  let db: Db
  const started: { audit: AuditReader; ctx: Context }[] = []
  const startOn = async (on: Db, holder: string) => {
    const { platform, ctx } = testPlatform(on)
    const audit = createAudit({ db: on, log: platform.log, holder })
    await audit.start()
    const server = { audit, ctx: { ...ctx, platform: { ...platform, audit } } }
    started.push(server)
    return server
  }
  beforeEach(async () => {
    opened = await openTestDb(dialect, [...leaseMigrations, ...eventsMigrations, ...auditMigrations])
    db = opened.db
  })
  afterEach(async () => {
    for (const { audit } of started.splice(0)) await audit.stop()
    await opened.close()
  })

  const act = ({ ctx }: { ctx: Context }, name: string) =>
    write(ctx, async (tx) =>
      tx.audit('thing.renamed', { kind: 'thing', id: name }, { name, 淬炼: '\ud800\0' }),
    )
  const rows = () =>
    db.read.dynamic<Tables, AuditRow>((k) => k.selectFrom('audit_event').selectAll().orderBy('number'))
  const allSealed = (count: number) =>
    until(async () => (await rows()).filter((row) => row.number !== null).length === count, {
      timeoutMs: 2000,
    })

  test('rows are sealed within two seconds, and fit', async () => {
    const server = await startOn(db, 'one')
    for (const name of ['a', 'b', 'c']) await act(server, name)
    await server.audit.refused(server.ctx, 'thing.delete', null, 'auth.forbidden')
    await allSealed(4)
    expect(await verifyChain(db.read)).toMatchObject({ fitting: 4, brokenAt: null })
    expect((await rows()).map((row) => [row.number, row.outcome])).toEqual([
      [1, 'done'],
      [2, 'done'],
      [3, 'done'],
      [4, 'refused'],
    ])
  })

  test('a row that was changed, taken out or cut off at the end is found', async () => {
    const server = await startOn(db, 'one')
    for (const name of ['a', 'b', 'c', 'd']) await act(server, name)
    await allSealed(4)
    const set = (number: number, details: string) =>
      db.transaction((tx) =>
        tx.runDynamic<Tables>((k) =>
          k.updateTable('audit_event').set({ details }).where('number', '=', number),
        ),
      )
    const remove = (number: number) =>
      db.transaction((tx) =>
        tx.runDynamic<Tables>((k) => k.deleteFrom('audit_event').where('number', '=', number)),
      )
    await remove(4)
    expect(await verifyChain(db.read)).toMatchObject({ fitting: 3, brokenAt: 4 })
    const before = (await rows())[2]!.details
    await set(3, '{}')
    expect(await verifyChain(db.read)).toMatchObject({ fitting: 2, brokenAt: 3 })
    await set(3, before)
    await remove(2)
    expect(await verifyChain(db.read)).toMatchObject({ fitting: 1, brokenAt: 2 })
  })

  test('a search finds letters beyond ASCII as they stand, and ASCII ones whatever the case', async () => {
    const server = await startOn(db, 'one')
    for (const name of ['Ärger Eins', 'Übung', 'other']) await act(server, name)
    const found = async (search: string) =>
      (
        await server.audit.list(
          { search },
          { at: Number.MAX_SAFE_INTEGER, id: 'z' },
          10,
          (row) => row.target_id,
        )
      ).items.toSorted()
    expect(await found('Ärger EINS')).toEqual(['Ärger Eins'])
    expect(await found('Übung')).toEqual(['Übung'])
    expect(await found('OTHER')).toEqual(['other'])
  })

  test('what was not sealed when a server ended is sealed by the next, in one chain', async () => {
    const first = await startOn(db, 'one')
    await act(first, 'a')
    await allSealed(1)
    await first.audit.stop()
    started.length = 0
    await act(first, 'left over')
    const next = await startOn(db, 'two')
    await act(next, 'c')
    await allSealed(3)
    expect(await verifyChain(db.read)).toMatchObject({ fitting: 3, brokenAt: null })
  })

  test('a write that audits nothing is refused, unless it says why', async () => {
    const { ctx } = await startOn(db, 'one')
    await expect(write(ctx, async () => undefined)).rejects.toThrow('left no audit row')
    await expect(write(ctx, async () => 'fine', { unaudited: 'a draft' })).resolves.toBe('fine')
    expect(await rows()).toEqual([])
  })

  if (dialect !== 'sqlite') {
    test('two servers seal each row once', async () => {
      const servers = [await startOn(db, 'one'), await startOn(await opened.second(), 'two')]
      await Promise.all(Array.from({ length: 60 }, (_, at) => act(servers[at % 2]!, `row ${at}`)))
      await until(async () => (await verifyChain(db.read)).fitting === 60, { timeoutMs: 4000 })
      const numbers = (await rows()).map((row) => row.number)
      expect(numbers).toEqual(Array.from({ length: 60 }, (_, at) => at + 1))
    })
  }
})

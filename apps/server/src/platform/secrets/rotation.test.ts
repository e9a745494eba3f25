import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Db, Tx } from '../db/index.ts'
import { rewriteSecrets } from './rewrite-secrets.ts'
import { createSecrets, keyId } from './secrets.ts'
import { keepNextKey, openMasterKey, readNextKey, takeNextKey } from './master-key.ts'

const column = { table: 'thing', key: 'id', column: 'value' }

interface Stored {
  key: string
  value: string
}

/** A table in memory, read and written as the repo does; from the given transaction on it fails. */
function tableOf(rows: Stored[], failsAt = Infinity) {
  let transactions = 0
  const reader = {
    dynamic: async (build: (k: unknown) => unknown) => build(reading()) as Stored[],
  }
  const reading = () => {
    const asked = { after: '', like: '' }
    const query = {
      selectFrom: () => query,
      select: () => query,
      where: (_column: string, operator: string, value: string) => {
        if (operator === 'like') asked.like = value.replaceAll('%', '')
        else asked.after = value
        return query
      },
      orderBy: () => query,
      limit: (n: number) =>
        rows.filter(({ key, value }) => key > asked.after && value.includes(asked.like)).slice(0, n),
    }
    return query
  }
  const tx = {
    runDynamic: async (build: (k: unknown) => unknown) => {
      const change = { value: '', key: '', was: '' }
      const query = {
        updateTable: () => query,
        set: (values: { value: string }) => {
          change.value = values.value
          return query
        },
        where: (name: string, _operator: string, value: string) => {
          change[name === 'id' ? 'key' : 'was'] = value
          return query
        },
      }
      build(query)
      const row = rows.find(({ key, value }) => key === change.key && value === change.was)
      if (row) row.value = change.value
      return { changes: row ? 1 : 0 }
    },
  }
  return {
    slow: reader,
    transaction: async (work: (tx: Tx) => Promise<unknown>) => {
      transactions += 1
      if (transactions >= failsAt) throw new Error('the server was killed')
      return work(tx as unknown as Tx)
    },
  } as unknown as Db
}

const keys = () => {
  const [old, next] = [randomBytes(32), randomBytes(32)]
  const before = createSecrets(old)
  const ring = createSecrets(old)
  ring.writeWith(ring.add(next))
  return { old, next, before, ring }
}
const rowsOf = (count: number, value: (at: number) => string): Stored[] =>
  Array.from({ length: count }, (_, at) => ({ key: String(at).padStart(6, '0'), value: value(at) }))

test('broken off between two batches, the next call goes on where it was', async () => {
  const { old, next, before, ring } = keys()
  const rows = rowsOf(1000, (at) => before.encrypt(`secret ${at}`))
  await expect(rewriteSecrets(tableOf(rows, 3), ring, [column], keyId(old))).rejects.toThrow('killed')
  const isNew = ({ value }: Stored) => value.startsWith(`v1.${keyId(next)}.`)
  expect(rows.filter(isNew)).toHaveLength(400)
  expect(await rewriteSecrets(tableOf(rows), ring, [column], keyId(old))).toEqual({
    rewritten: 600,
    unreadable: 0,
  })
  expect(rows.every(isNew)).toBe(true)
  const after = createSecrets(next)
  expect(rows.map(({ value }) => after.decrypt(value))).toEqual(rows.map((_, at) => `secret ${at}`))
})

test('secrets within a longer text are found; what cannot be read stays, and is counted', async () => {
  const { old, next, before, ring } = keys()
  const lost = `v1.${keyId(old)}.${Buffer.alloc(40).toString('base64url')}`
  const rows = [
    {
      key: 'a',
      value: JSON.stringify({ first: before.encrypt('one'), second: [before.encrypt('two')], n: 1 }),
    },
    { key: 'b', value: lost },
    { key: 'c', value: 'no secret' },
  ]
  expect(await rewriteSecrets(tableOf(rows), ring, [column], keyId(old))).toEqual({
    rewritten: 1,
    unreadable: 1,
  })
  const { first, second, n } = JSON.parse(rows[0]!.value) as { first: string; second: string[]; n: number }
  const after = createSecrets(next)
  expect([after.decrypt(first), after.decrypt(second[0]!), n]).toEqual(['one', 'two', 1])
  expect(rows[1]!.value).toBe(lost)
})

test('a text that someone else has changed meanwhile is not written over', async () => {
  const { old, before, ring } = keys()
  const rows = rowsOf(1, () => before.encrypt('first'))
  const db = tableOf(rows)
  const racing = {
    ...db,
    transaction: async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
      rows[0]!.value = ring.encrypt('changed meanwhile')
      return db.transaction(work)
    },
  } as Db
  await rewriteSecrets(racing, ring, [column], keyId(old))
  expect(ring.decrypt(rows[0]!.value)).toBe('changed meanwhile')
})

test('links and fingerprints of the old key are good while it is readable, and not after', () => {
  const { next, before, ring } = keys()
  const print = before.fingerprint('body')
  expect(ring.isFingerprint('body', print)).toBe(true)
  expect(ring.isFingerprint('body', ring.fingerprint('body'))).toBe(true)
  expect(ring.isFingerprint('other', print)).toBe(false)
  expect(createSecrets(next).isFingerprint('body', print)).toBe(false)
})

test('the next key waits in a file of its own until it is taken', () => {
  const data = mkdtempSync(path.join(tmpdir(), 'anneal-keys-'))
  try {
    const place = { data, masterKey: null }
    const first = openMasterKey(place)
    const next = randomBytes(32)
    expect(readNextKey(place)).toBeNull()
    keepNextKey(place, next)
    expect([openMasterKey(place), readNextKey(place)]).toEqual([first, next])
    takeNextKey(place)
    takeNextKey(place)
    expect([openMasterKey(place), readNextKey(place)]).toEqual([next, null])
  } finally {
    rmSync(data, { recursive: true })
  }
})

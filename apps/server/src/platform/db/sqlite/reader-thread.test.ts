import { afterEach, beforeEach, expect, test } from 'vitest'
import { defineQuery } from '../query.ts'
import { openTestDb, type TestDb } from '../testing.ts'
import type { Migration } from '../types.ts'

type Tables = { number: { id: string; value: number } }
const query = defineQuery<Tables>()
const insert = query<Tables['number'], unknown>((k, p) =>
  k.insertInto('number').values({ id: p.id, value: p.value }),
)
const above = query<{ value: number }, Tables['number']>((k, p) =>
  k.selectFrom('number').selectAll().where('value', '>', p.value).orderBy('value'),
)
const migrations: Migration[] = [
  {
    id: 'test.001-number',
    statements: (words) => [
      words.createTable('number', { id: `${words.id} not null primary key`, value: words.int }),
    ],
  },
]

let opened: TestDb
beforeEach(async () => {
  opened = await openTestDb('sqlite', migrations)
  await opened.db.transaction(async (tx) => {
    for (let value = 0; value < 5; value++) await tx.run(insert, { id: `n${value}`, value })
  })
})
afterEach(() => opened.close())

test('it sees what is committed, by a compiled query and by one made now', async () => {
  const { slow } = opened.db
  expect((await slow.all(above, { value: 2 })).map((row) => row.value)).toEqual([3, 4])
  expect((await slow.first(above, { value: 3 }))?.id).toBe('n4')
  await opened.db.transaction((tx) => tx.run(insert, { id: 'n9', value: 9 }))
  const rows = await slow.dynamic<Tables, { value: number }>((k) =>
    k.selectFrom('number').select('value').where('value', '>', 4),
  )
  expect(rows).toEqual([{ value: 9 }])
})

test('an error is that of its question alone', async () => {
  const { slow } = opened.db
  const wrong = slow.dynamic<{ nowhere: { id: string } }, unknown>((k) => k.selectFrom('nowhere').selectAll())
  await expect(wrong).rejects.toThrow()
  expect(await slow.all(above, { value: 3 })).toHaveLength(1)
})

test('the loop goes on while a long one runs', async () => {
  const { slow } = opened.db
  let beats = 0
  const timer = setInterval(() => (beats += 1), 1)
  await slow.dynamic<Tables, { n: number }>((k) => {
    const one = k.selectFrom('number as a')
    return one
      .innerJoin('number as b', (join) => join.onTrue())
      .innerJoin('number as c', (join) => join.onTrue())
      .innerJoin('number as d', (join) => join.onTrue())
      .innerJoin('number as e', (join) => join.onTrue())
      .innerJoin('number as f', (join) => join.onTrue())
      .innerJoin('number as g', (join) => join.onTrue())
      .innerJoin('number as h', (join) => join.onTrue())
      .select((eb) => eb.fn.countAll<number>().as('n'))
  })
  clearInterval(timer)
  expect(beats).toBeGreaterThan(0)
})

import { defineQuery } from './query.ts'
import type { Migration } from './types.ts'
import { upsert } from './upsert.ts'

export interface ThingRow {
  id: string
  name: string
  step: number
  value: number | null
  flag: number
  note: string | null
}

/** A table for tests of the database itself. */
export const thingMigrations: Migration[] = [
  {
    id: 'test.001-thing',
    statements: (words) => [
      words.createTable('thing', {
        id: `${words.id} not null primary key`,
        name: `${words.text(512)} not null`,
        step: `${words.bigint} not null`,
        value: words.double,
        flag: `${words.bool} not null`,
        note: words.json,
      }),
      words.createIndex('thing_name', 'thing', ['name'], true),
    ],
  },
]

export type Tables = { thing: ThingRow }
const query = defineQuery<Tables>()

export const insertThing = query<ThingRow, unknown>((k, p) =>
  k.insertInto('thing').values({
    id: p.id,
    name: p.name,
    step: p.step,
    value: p.value,
    flag: p.flag,
    note: p.note,
  }),
)
export const thingById = query<{ id: string }, ThingRow>((k, p) =>
  k.selectFrom('thing').selectAll().where('id', '=', p.id),
)
export const thingByName = query<{ name: string }, ThingRow>((k, p) =>
  k.selectFrom('thing').selectAll().where('name', '=', p.name),
)
export const things = query<{ limit: number }, ThingRow>((k, p) =>
  k.selectFrom('thing').selectAll().orderBy('name').limit(p.limit),
)
export const sums = query<Record<never, never>, { sum: number; count: number; highest: number }>((k) =>
  k
    .selectFrom('thing')
    .select((eb) => [
      eb.fn.sum('step').as('sum'),
      eb.fn.countAll().as('count'),
      eb.fn.max('step').as('highest'),
    ]),
)
export const setStep = query<{ id: string; step: number }, unknown>((k, p) =>
  k.updateTable('thing').set({ step: p.step }).where('id', '=', p.id),
)
export const putThing = query<ThingRow, unknown>((k, p, dialect) =>
  upsert(
    dialect,
    k,
    'thing',
    { id: p.id, name: p.name, step: p.step, value: p.value, flag: p.flag, note: p.note },
    ['id'],
    ['step', 'value'],
  ),
)
export const removeThings = query<Record<never, never>, unknown>((k) => k.deleteFrom('thing'))

export const thing = (name: string, more: Partial<ThingRow> = {}): ThingRow => ({
  id: name.slice(0, 36),
  name,
  step: 0,
  value: null,
  flag: 0,
  note: null,
  ...more,
})

import { type Migration, databaseNow, defineQuery } from '../db/index.ts'

interface LeaseRow {
  name: string
  holder: string
  until_at: number
  /** A number that only the holder raises. */
  counter: number
  /** Text that only the holder changes: the head of a chain. */
  head: string
}

const query = defineQuery<{ lease: LeaseRow }>()

export const leaseMigrations: Migration[] = [
  {
    id: 'lease.001-lease',
    statements: (words) => [
      words.createTable('lease', {
        name: `${words.text(60)} not null primary key`,
        holder: `${words.id} not null`,
        until_at: `${words.time} not null`,
        counter: `${words.bigint} not null`,
        head: `${words.text(100)} not null`,
      }),
    ],
  },
]

export const leaseByName = query<{ name: string }, LeaseRow>((k, p) =>
  k.selectFrom('lease').selectAll().where('name', '=', p.name),
)

export const insertLease = query<{ name: string }, unknown>((k, p) =>
  k.insertInto('lease').values({ name: p.name, holder: '', until_at: 0, counter: 0, head: '' }),
)

/** Takes or renews it, if it is one's own or has run out by the database's clock. */
export const takeLease = query<{ name: string; holder: string; ms: number }, unknown>((k, p, dialect) =>
  k
    .updateTable('lease')
    .set((eb) => ({ holder: p.holder, until_at: eb(databaseNow(dialect), '+', p.ms) }))
    .where('name', '=', p.name)
    .where((eb) => eb.or([eb('holder', '=', p.holder), eb('until_at', '<', databaseNow(dialect))])),
)

/** Takes it whoever holds it: only where no other server can live. */
export const seizeLease = query<{ name: string; holder: string; ms: number }, unknown>((k, p, dialect) =>
  k
    .updateTable('lease')
    .set((eb) => ({ holder: p.holder, until_at: eb(databaseNow(dialect), '+', p.ms) }))
    .where('name', '=', p.name),
)

export const dropLease = query<{ name: string; holder: string }, unknown>((k, p) =>
  k.updateTable('lease').set({ until_at: 0 }).where('name', '=', p.name).where('holder', '=', p.holder),
)

/** Compare-and-set of what the holder keeps: a holder that was overtaken changes nothing. */
export const advance = query<
  { name: string; holder: string; from: number; to: number; head: string },
  unknown
>((k, p) =>
  k
    .updateTable('lease')
    .set({ counter: p.to, head: p.head })
    .where('name', '=', p.name)
    .where('holder', '=', p.holder)
    .where('counter', '=', p.from),
)

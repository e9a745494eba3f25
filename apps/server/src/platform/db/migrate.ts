import { StartError } from '../start-error.ts'
import { isAlreadyThere } from './errors.ts'
import { defineQuery } from './query.ts'
import type { Db, Migration } from './types.ts'

interface StepRow {
  id: string
  applied_at: number
}

const query = defineQuery<{ schema_step: StepRow }>()
const allSteps = query<Record<never, never>, StepRow>((k) => k.selectFrom('schema_step').selectAll())
const insertStep = query<StepRow, unknown>((k, p) =>
  k.insertInto('schema_step').values({ id: p.id, applied_at: p.applied_at }),
)

export interface MigrateOptions {
  /** After each statement and after its record; for tests that end the process in between. */
  onStep?: (step: string, phase: 'applied' | 'recorded') => void
}

/**
 * Brings the schema up to date under a lock of our own: one DDL statement a step, each recorded and repeatable, so that
 * a process killed anywhere in between is followed by one that goes on.
 * @throws StartError where the database was made by a newer program.
 */
export async function migrate(
  db: Db,
  migrations: readonly Migration[],
  options: MigrateOptions = {},
): Promise<void> {
  await db.exclusively(async () => {
    const { words } = db
    await db.execute(
      words.createTable('schema_step', {
        id: `${words.text(200)} not null primary key`,
        applied_at: `${words.time} not null`,
      }),
    )
    const steps = stepsOf(db, migrations)
    const applied = new Set((await db.read.all(allSteps, {})).map((row) => row.id))
    refuseNewer(steps, applied)
    for (const [id, statement] of steps) {
      if (applied.has(id)) continue
      await apply(db, statement)
      options.onStep?.(id, 'applied')
      await db.transaction((tx) => tx.run(insertStep, { id, applied_at: Date.now() }))
      options.onStep?.(id, 'recorded')
    }
  })
}

function stepsOf(db: Db, migrations: readonly Migration[]): Map<string, string> {
  const steps = new Map<string, string>()
  for (const migration of migrations) {
    migration.statements(db.words).forEach((statement, index) => {
      const id = `${migration.id}#${index + 1}`
      if (steps.has(id)) throw new Error(`Two migrations are called ${migration.id}.`)
      steps.set(id, statement)
    })
  }
  return steps
}

function refuseNewer(steps: ReadonlyMap<string, string>, applied: ReadonlySet<string>): void {
  const unknown = [...applied].find((id) => !steps.has(id))
  if (unknown === undefined) return
  throw new StartError(
    `The database was made by a newer version of Anneal (it holds ${unknown}). Start that version, or restore an older backup.`,
  )
}

async function apply(db: Db, statement: string): Promise<void> {
  try {
    await db.execute(statement)
  } catch (error) {
    if (!isAlreadyThere(error)) throw error
  }
}

import { exit, kill, pid, stdin } from 'node:process'
import { migrate } from './migrate.ts'
import { migratedTables } from './migrations.testing.ts'
import { openDatabase } from './open.ts'

/* A server's start as a process of its own: brings the tables up to date, and is killed at the moment asked for. */
interface Asked {
  url: string
  dataFolder: string
  /** The how-manieth step, and where in it; null goes through. */
  dieAt: { step: number; phase: 'applied' | 'recorded' } | null
  /** Stays until its input ends, with the database open. */
  stay: boolean
}

const asked = JSON.parse(process.argv[2] ?? '') as Asked
try {
  const db = await openDatabase(asked)
  let met = 0
  await migrate(db, migratedTables, {
    onStep(_, phase) {
      if (phase === 'applied') met += 1
      if (asked.dieAt?.step === met && asked.dieAt.phase === phase) kill(pid, 'SIGKILL')
    },
  })
  console.log('up to date')
  if (asked.stay) for await (const _ of stdin);
  await db.close()
} catch (error) {
  console.log(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
  exit(1)
}

import { decision } from './auth/decision.ts'
import { storm } from './auth/storm.ts'
import type { Bench } from './support.ts'

/** What it costs to know who asks and whether they may, and what a storm of sign-ins does to everybody else. */
export const bench: Bench = async () => {
  const rows = [...(await decision()), ...(await storm())]
  const notes = [
    'Decision: CPU of this process by calls of authenticate and can, 1,000 sessions in turn, SQLite; the baseline is a look-up of an opaque session id in a Map.',
    'Storm: 30 people sign in over and over (half of them with a wrong password) on the server’s one core, beside 100 requests a second of others at an even pace.',
  ]
  return { rows, notes }
}

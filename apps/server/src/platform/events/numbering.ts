import type { Db } from '../db/index.ts'
import { type Lease, advance, leaseByName } from '../lease/index.ts'
import { type ChangeRow, changeOf } from './change-row.ts'
import { type OutboxRow, setNumber, unnumbered } from './outbox.repo.ts'

const atOnce = 500

/**
 * Numbers committed changes in the order in which they are met, by whoever holds the lease. A number taken within the
 * write's own transaction could be committed after a later one, and a reader that has passed it would miss it.
 * @returns what was numbered; empty where there was nothing, or another server does it.
 */
export async function numberChanges(
  db: Db,
  lease: Lease,
  name: string,
  holder: string,
): Promise<ChangeRow[]> {
  if (!(await lease.hold())) return []
  return db.transaction(async (tx) => {
    const rows: OutboxRow[] = await tx.all(unnumbered, { limit: atOnce })
    if (rows.length === 0) return []
    const last = (await tx.first(leaseByName, { name }))?.counter ?? 0
    const to = last + rows.length
    const { changes } = await tx.run(advance, { name, holder, from: last, to, head: '' })
    if (changes === 0) return []
    const numbered: ChangeRow[] = []
    for (const row of rows) {
      const number = last + numbered.length + 1
      await tx.run(setNumber, { id: row.id, number })
      numbered.push(changeOf(row, number))
    }
    return numbered
  })
}

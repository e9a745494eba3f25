import { createHash } from 'node:crypto'
import type { Reader } from '../db/index.ts'
import { leaseByName } from '../lease/index.ts'
import { type AuditRow, sealedAfter } from './audit.repo.ts'

export const leaseName = 'audit'
const atOnce = 500

/** What is chained: a row that is changed or taken out afterwards no longer fits the hash of the next. */
export function hashOf(previous: string, number: number, row: AuditRow): string {
  const facts = [row.id, row.at, row.actor_kind, row.actor_id, row.actor_name, row.credential_id, row.action]
  const rest = [
    row.outcome,
    row.target_kind,
    row.target_id,
    row.details,
    row.address,
    row.request_id,
    row.route,
  ]
  return createHash('sha256')
    .update(JSON.stringify([previous, number, ...facts, ...rest]))
    .digest('hex')
}

export interface ChainCheck {
  /** Rows that fit, from the first. */
  fitting: number
  /** The number of the first row that does not fit or is missing; null where all fit. */
  brokenAt: number | null
  /** The hash of the last row that fits; null where there is none. */
  head: string | null
}

/** Reads the sealed rows from the first, and finds the first that was changed, added or taken out since. */
export async function verifyChain(reader: Reader): Promise<ChainCheck> {
  let number = 0
  let head = ''
  for (;;) {
    const rows = await reader.all(sealedAfter, { after: number, limit: atOnce })
    for (const row of rows) {
      const next = hashOf(head, number + 1, row)
      if (row.number !== number + 1 || row.hash !== next)
        return { fitting: number, brokenAt: number + 1, head: head || null }
      number += 1
      head = next
    }
    if (rows.length < atOnce) break
  }
  const lease = await reader.first(leaseByName, { name: leaseName })
  /* What was sealed while this read on is no fault; what is missing at the end is. */
  const short =
    (lease?.counter ?? 0) > number &&
    (await reader.all(sealedAfter, { after: number, limit: 1 })).length === 0
  return { fitting: number, brokenAt: short ? number + 1 : null, head: head || null }
}

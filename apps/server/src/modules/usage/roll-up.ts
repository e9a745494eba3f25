import { type Platform, perPlatform } from '../../platform/context.ts'
import { UniqueViolation } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import {
  firstRecorded,
  firstTokensOfCalls,
  insertFirstTokens,
  insertMark,
  insertQuarter,
  markUntil,
  moveMark,
  quarterMs,
  quartersOfCalls,
} from './quarters.queries.ts'

export const markId = 'quarters'
/** A row may be committed this long after the time it bears. */
const graceMs = 2 * 60_000
const everyMs = 60_000

const rolling = perPlatform<{ timer?: NodeJS.Timeout; working?: Promise<void>; stopping?: boolean }>(
  () => ({}),
)

async function openMark(platform: Platform): Promise<number> {
  const mark = await platform.db.read.first(markUntil, { id: markId })
  if (mark) return Number(mark.until)
  try {
    await platform.db.transaction((tx) => tx.run(insertMark, { id: markId, until: 0 }))
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error
  }
  return Number((await platform.db.read.first(markUntil, { id: markId }))?.until ?? 0)
}

/** Puts the calls of one quarter together and moves the mark behind it, in one transaction; false where another server did. */
async function rollQuarter(platform: Platform, mark: number, quarter: number): Promise<boolean> {
  const span = { from: quarter, to: quarter + quarterMs, userId: null }
  const [rows, tokens] = await Promise.all([
    quartersOfCalls(platform.db.slow, span),
    firstTokensOfCalls(platform.db.slow, span),
  ])
  return platform.db.transaction(async (tx) => {
    const { changes } = await tx.run(moveMark, { id: markId, from: mark, until: span.to })
    if (changes === 0) return false
    for (const row of rows) await tx.run(insertQuarter, { id: newId(), ...row })
    for (const row of tokens) await tx.run(insertFirstTokens, { id: newId(), ...row })
    return true
  })
}

/** Puts every quarter together that is over; each is once, whoever does it. A server that stops leaves the rest. */
export async function rollUp(platform: Platform): Promise<void> {
  for (let mark = await openMark(platform); !rolling(platform).stopping;) {
    const first = await platform.db.read.first(firstRecorded, { from: mark })
    if (!first) return
    const recordedAt = Number(first.recorded_at)
    const quarter = recordedAt - (recordedAt % quarterMs)
    if (quarter + quarterMs + graceMs > platform.clock.now()) return
    if (!(await rollQuarter(platform, mark, quarter))) return
    mark = quarter + quarterMs
  }
}

export function startRollUp(platform: Platform): void {
  const state = rolling(platform)
  const roll = () => {
    state.working ??= rollUp(platform)
      .catch((error: unknown) =>
        platform.log.warn('usage could not be put together; trying again', { error }),
      )
      .finally(() => delete state.working)
  }
  state.timer = setInterval(roll, everyMs)
  state.timer.unref()
  roll()
}

export async function stopRollUp(platform: Platform): Promise<void> {
  const state = rolling(platform)
  state.stopping = true
  clearInterval(state.timer)
  await state.working
}

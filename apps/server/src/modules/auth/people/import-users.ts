import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import type { Context } from '../../../platform/context.ts'
import { csvLine } from '../../../platform/csv.ts'
import { toJson } from '../../../platform/db/index.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { write } from '../../../platform/write.ts'
import { actorUserId } from '../can.ts'
import { importById, insertImport, takeResults } from './import.repo.ts'
import { enqueueImport } from './import-job.ts'
import { type PlannedLine, planImport } from './import-plan.ts'
import type { ImportResult } from './import-job.ts'
import type { UserImportRow } from './people.tables.ts'

type Input = RouteHandlerInput<'people.startImport'>['body']
type State = RouteReply<'people.getImport'>

const mostShown = 500

/** What a CSV would do; nothing is written. */
export async function checkImport(ctx: Context, input: Input): Promise<RouteReply<'people.checkImport'>> {
  const lines = await planImport(ctx, input)
  const count = (fits: (line: PlannedLine) => boolean) => lines.filter(fits).length
  const faulty = lines.filter(({ planned }) => planned === null)
  const fine = lines.filter(({ planned }) => planned !== null)
  return {
    total: lines.length,
    invite: count(({ checked }) => checked.action === 'invite'),
    update: count(({ checked }) => checked.action === 'update'),
    faulty: faulty.length,
    rows: [...faulty, ...fine].slice(0, mostShown).map(({ checked }) => checked),
  }
}

function present(row: UserImportRow): State {
  return {
    id: row.id,
    state: row.state,
    total: Number(row.total),
    done: Number(row.done),
    invited: Number(row.invited),
    updated: Number(row.updated),
    refused: Number(row.refused),
    mailed: Number(row.mailed) === 1,
    taken: row.state === 'done' && row.results === null,
  }
}

/** Puts the lines that have no fault in a job, with what they ask for as it is now. */
export async function startImport(ctx: Context, input: Input): Promise<State> {
  const lines = await planImport(ctx, input)
  const planned = lines.flatMap((line) => (line.planned ? [line.planned] : []))
  const row: UserImportRow = {
    id: newId(),
    owner_id: actorUserId(ctx.actor),
    state: 'running',
    source: toJson(planned),
    total: planned.length,
    done: 0,
    invited: 0,
    updated: 0,
    refused: 0,
    mailed: ctx.platform.mail.on ? 1 : 0,
    results: null,
    created_at: ctx.platform.clock.now(),
    ended_at: null,
  }
  await write(ctx, async (tx) => {
    await tx.run(insertImport, row)
    await enqueueImport(ctx, tx, row.id)
    tx.audit(
      'user.import-started',
      { kind: 'user-import', id: row.id },
      { lines: lines.length, people: planned.length, update: input.update },
    )
  })
  return present(row)
}

/** An import is its maker's alone. */
async function own(ctx: Context, id: string): Promise<UserImportRow> {
  const row = await ctx.platform.db.read.first(importById, { id })
  if (!row || row.owner_id !== actorUserId(ctx.actor)) throw new AppError('people.import-not-found')
  return row
}

/** @throws AppError `people.import-not-found`. */
export async function getImport(ctx: Context, id: string): Promise<State> {
  return present(await own(ctx, id))
}

/**
 * What became of each line, with the links; given once.
 * @throws AppError `people.import-not-found`, `people.results-taken`.
 */
export async function takeImportResults(ctx: Context, id: string): Promise<string> {
  const row = await own(ctx, id)
  if (row.results === null) throw new AppError('people.results-taken')
  const results = JSON.parse(ctx.platform.secrets.decrypt(row.results)) as ImportResult[]
  await write(ctx, async (tx) => {
    const { changes } = await tx.run(takeResults, { id })
    if (changes === 0) throw new AppError('people.results-taken')
    tx.audit('user.import-results-taken', { kind: 'user-import', id }, { people: results.length })
  })
  const lines = results.map(({ email, name, outcome, link }) => csvLine([email, name, outcome, link]))
  return [csvLine(['email', 'name', 'result', 'link']), ...lines].join('')
}

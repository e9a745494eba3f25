import { Readable } from 'node:stream'
import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { csvLine } from '../../platform/csv.ts'
import { type FileReply, fileReply } from '../../platform/http/index.ts'
import { write } from '../../platform/write.ts'
import { keysByIds, usersByIds } from '../auth/index.ts'
import { daysOf } from './days.ts'
import { halvesOf } from './gather.ts'
import { quartersAbove, type QuarterRow } from './quarters.queries.ts'
import { spanOf } from './span-of.ts'

type Row = Omit<QuarterRow, 'id'>
type Days = ReturnType<typeof daysOf>
const atOnce = 2000
const head = [
  'day',
  'model',
  'model_id',
  'user',
  'key',
  'via',
  'requests',
  'errors',
  'input_tokens',
  'cached_input_tokens',
  'reasoning_tokens',
  'output_tokens',
  'cost',
  'currency',
]

function dayOf(days: Days, time: number): string {
  return days.findLast(({ begin }) => begin <= time)?.day ?? ''
}

/** A day's lines: its quarters put together by all but the time. */
class DayLines {
  private readonly rows = new Map<string, Row & { day: string }>()

  add(row: Row, day: string): void {
    const key = JSON.stringify([day, row.model_id, row.user_id, row.key_id, row.via, row.currency])
    const known = this.rows.get(key)
    if (!known) {
      this.rows.set(key, { ...row, day })
      return
    }
    known.requests += row.requests
    known.errors += row.errors
    known.input_tokens += row.input_tokens
    known.cached_input_tokens += row.cached_input_tokens
    known.reasoning_tokens += row.reasoning_tokens
    known.output_tokens += row.output_tokens
    known.cost_micros += row.cost_micros
  }

  /** Takes out the days before `day`. */
  take(day: string | null): (Row & { day: string })[] {
    const done = [...this.rows].filter(([, row]) => day === null || row.day < day)
    for (const [key] of done) this.rows.delete(key)
    return done.map(([, row]) => row)
  }
}

async function text(ctx: Context, rows: readonly (Row & { day: string })[]): Promise<string> {
  const { read } = ctx.platform.db
  const users = await usersByIds(
    read,
    rows.flatMap((row) => row.user_id ?? []),
  )
  const keys = await keysByIds(
    read,
    rows.flatMap((row) => row.key_id ?? []),
  )
  const line = (row: Row & { day: string }) =>
    csvLine([
      row.day,
      row.model_name,
      row.model_id,
      users.get(row.user_id ?? '')?.email ?? row.user_id,
      keys.get(row.key_id ?? '')?.name ?? row.key_id,
      row.via,
      row.requests,
      row.errors,
      row.input_tokens,
      row.cached_input_tokens,
      row.reasoning_tokens,
      row.output_tokens,
      row.currency === null ? null : (row.cost_micros / 1e6).toFixed(6),
      row.currency,
    ])
  return rows.map(line).join('')
}

async function* linesOf(ctx: Context, span: { from: number; to: number; zone: string }) {
  yield `\uFEFF${csvLine(head)}`
  const days = daysOf(span.zone, span.from, span.to)
  const halves = await halvesOf(ctx.platform.db.slow, { ...span, userId: null })
  const lines = new DayLines()
  let above = { quarter: 0, id: '' }
  for (;;) {
    const rows = await quartersAbove(halves.reader, halves.rolled, above, atOnce)
    for (const row of rows) lines.add(row, dayOf(days, row.quarter))
    const last = rows.at(-1)
    if (!last) break
    above = { quarter: last.quarter, id: last.id }
    yield await text(ctx, lines.take(dayOf(days, last.quarter)))
  }
  for (const row of halves.tail) lines.add(row, dayOf(days, row.quarter))
  yield await text(ctx, lines.take(null))
}

/** The days of a span as a file, a line per day, model, user, key, way in and currency. */
export async function exportUsage(
  ctx: Context,
  query: RouteHandlerInput<'usage.export'>['query'],
): Promise<FileReply> {
  const span = spanOf(ctx, query)
  await write(ctx, async (tx) => tx.audit('usage.exported', null, { from: query.from, to: query.to }))
  return fileReply({
    stream: Readable.from(linesOf(ctx, span)),
    type: 'text/csv; charset=utf-8',
    name: `usage-${query.from.slice(0, 10)}-${query.to.slice(0, 10)}.csv`,
  })
}

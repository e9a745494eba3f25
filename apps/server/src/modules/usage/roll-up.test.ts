import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Platform } from '../../platform/context.ts'
import { openTestDb, type TestDb, testDialects } from '../../platform/db/testing.ts'
import { testPlatform } from '../../platform/testing.ts'
import { Groups, medianFirstToken } from './figures.ts'
import { firstTokens, groupRows, halvesOf } from './gather.ts'
import { dimensionColumn, type Dimension, quarterMs } from './quarters.queries.ts'
import { rollUp } from './roll-up.ts'
import { usageMigrations } from './usage.migrations.ts'
import { insertCall, type ModelCallRow } from './usage.repo.ts'

const begin = Date.parse('2026-11-20T00:00:00Z')
const hour = 3_600_000

const call = (at: number): ModelCallRow => ({
  id: `c${at}`,
  user_id: at % 7 === 0 ? null : `u${at % 3}`,
  key_id: at % 2 === 0 ? `k${at % 2}` : null,
  model_id: `m${at % 4}`,
  connection_id: null,
  model_name: `model ${at % 4}`,
  via: at % 2 === 0 ? 'gateway' : 'chat',
  outcome: at % 10 === 0 ? 'failed' : 'finished',
  error_code: null,
  input_tokens: at % 10 === 0 ? null : 100 + at,
  cached_input_tokens: at % 5,
  reasoning_tokens: null,
  output_tokens: at,
  first_token_ms: at % 10 === 0 ? null : 100 + at,
  duration_ms: 1000,
  cost_micros: at % 4 === 3 ? null : 1_000_000_000 + at,
  currency: at % 4 === 3 ? null : at % 4 === 0 ? 'CNY' : 'USD',
  started_at: begin,
  recorded_at: begin + at * 4 * 60_000,
  prompt_version_id: null,
})
const calls = Array.from({ length: 120 }, (_, at) => call(at))

describe.each(testDialects())('quarters of the ledger on %s', (dialect) => {
  let opened: TestDb
  let platform: Platform
  let now = begin
  beforeEach(async () => {
    opened = await openTestDb(dialect, usageMigrations)
    platform = { ...testPlatform(opened.db).platform, clock: { now: () => now } }
    await opened.db.transaction(async (tx) => {
      for (const row of calls) await tx.run(insertCall, row)
    })
  })
  afterEach(() => opened.close())

  async function seen(span: { from: number; to: number; userId: string | null }, by: Dimension) {
    const halves = await halvesOf(opened.db.slow, span)
    const groups = new Groups()
    for (const row of await groupRows(halves, by, null)) groups.add(row.key, null, row)
    const begins = Array.from({ length: 8 }, (_, at) => begin + at * hour)
    const cut = { begins, keys: ['m1', 'u1', 'chat'] }
    const slots = Map.groupBy(await groupRows(halves, by, cut), (row) => `${begins[row.slot]} ${row.key}`)
    return {
      groups: groups.sorted(),
      slots: [...slots]
        .map(([slot, rows]) => [slot, rows.reduce((sum, row) => sum + row.requests, 0)])
        .toSorted(),
      median: medianFirstToken(await firstTokens(halves)),
    }
  }

  /** The same, counted by hand. */
  function expected(span: { from: number; to: number; userId: string | null }, by: Dimension) {
    const mine = calls.filter(
      (row) =>
        row.recorded_at >= span.from &&
        row.recorded_at < span.to &&
        (span.userId === null || row.user_id === span.userId),
    )
    const groups = new Groups()
    for (const row of mine) {
      groups.add(row[dimensionColumn[by]], null, {
        requests: 1,
        errors: row.outcome === 'failed' ? 1 : 0,
        unpriced: row.cost_micros === null ? 1 : 0,
        input_tokens: row.input_tokens ?? 0,
        cached_input_tokens: row.cached_input_tokens ?? 0,
        reasoning_tokens: 0,
        output_tokens: row.output_tokens ?? 0,
        cost_micros: row.cost_micros ?? 0,
        currency: row.currency,
      })
    }
    const own = ['m1', 'u1', 'chat']
    const nameOf = (key: string | null) => (key === null || own.includes(key) ? key : 'rest')
    const slots = Map.groupBy(
      mine,
      (row) => `${row.recorded_at - (row.recorded_at % hour)} ${nameOf(row[dimensionColumn[by]])}`,
    )
    return {
      groups: groups.sorted(),
      slots: [...slots].map(([slot, rows]) => [slot, rows.length]).toSorted(),
      firstTokens: mine.flatMap((row) => row.first_token_ms ?? []).toSorted((a, b) => a - b),
    }
  }

  const inOrder = (report: Awaited<ReturnType<typeof seen>>['groups']) =>
    report.map(({ costs, ...rest }) => ({
      ...rest,
      costs: costs.toSorted((a, b) => a.currency.localeCompare(b.currency)),
    }))

  test.each([0, 2 * hour, 9 * hour])(
    'reports are the same whatever has been put together (%i ms on)',
    async (later) => {
      now = begin + later
      await rollUp(platform)
      await rollUp(platform)
      for (const by of ['model', 'user', 'key', 'via'] as const) {
        for (const span of [
          { from: begin, to: begin + 8 * hour, userId: null },
          { from: begin + quarterMs, to: begin + 3 * hour, userId: null },
          { from: begin, to: begin + 8 * hour, userId: 'u1' },
        ]) {
          const report = await seen(span, by)
          const right = expected(span, by)
          expect(inOrder(report.groups)).toEqual(inOrder(right.groups))
          expect(report.slots).toEqual(right.slots)
          const middle = right.firstTokens[Math.floor((right.firstTokens.length - 1) / 2)] ?? 0
          expect(Math.abs((report.median ?? 0) - middle) / middle).toBeLessThan(0.04)
        }
      }
    },
  )

  test('two servers put each quarter together once', async () => {
    now = begin + 9 * hour
    await Promise.all([rollUp(platform), rollUp(platform), rollUp(platform)])
    const report = await seen({ from: begin, to: begin + 8 * hour, userId: null }, 'via')
    expect(report.groups.reduce((sum, group) => sum + group.requests, 0)).toBe(calls.length)
  })

  test('what may still be committed is left alone', async () => {
    now = begin + quarterMs + 60_000
    await rollUp(platform)
    const rows = await opened.db.read.dynamic<{ usage_quarter: { id: string } }, { id: string }>((k) =>
      k.selectFrom('usage_quarter').select('id'),
    )
    expect(rows).toEqual([])
  })
})

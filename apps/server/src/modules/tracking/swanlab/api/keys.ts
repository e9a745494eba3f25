import type { Context } from '../../../../platform/context.ts'
import { definitionsOf, mediaHeads } from '../../media.repo.ts'
import { pointsStore } from '../../points-store.ts'
import type { TrackedRunRow } from '../../tracking.repo.ts'
import { listOf, objectOf, textOf } from '../parse.ts'
import { experimentsOf, runByCuid, runsOf } from './access.ts'
import { paged, pagingOf } from './paging.ts'

export type KeyKind = 'scalar' | 'media'

const mostKeys = 10_000

async function keysOfRun(ctx: Context, run: TrackedRunRow, kind: KeyKind): Promise<string[]> {
  if (kind === 'scalar') return (await pointsStore(ctx.platform).latest(run.id)).map(({ key }) => key)
  const heads = await ctx.platform.db.read.all(mediaHeads, { run_id: run.id })
  return heads.map((head) => head.series_key)
}

/** What some runs have logged, by key, in pages: a cursor is the last key of the page before. */
export async function listKeys(ctx: Context, kind: KeyKind, body: unknown) {
  const given = objectOf(body)
  const limit = Math.min(mostKeys, Math.max(1, Math.trunc(Number(given['limit'])) || mostKeys))
  const cursor = textOf(given['cursor'], 512)
  const runs = await runsOf(ctx, experimentsOf(body))
  const all = new Set<string>()
  for (const run of runs.values()) for (const key of await keysOfRun(ctx, run, kind)) all.add(key)
  const after = [...all].toSorted().filter((key) => cursor === '' || key > cursor)
  const keys = after.slice(0, limit)
  const hasMore = after.length > keys.length
  return { keys, hasMore, nextCursor: hasMore ? (keys.at(-1) ?? '') : '' }
}

/** Which of the runs hold which of the keys. */
export async function listAvailability(ctx: Context, kind: KeyKind, body: unknown) {
  const wanted = listOf(objectOf(body)['keys']).map((key) => textOf(key, 512))
  const holders = new Map<string, string[]>(wanted.map((key) => [key, []]))
  for (const [cuid, run] of await runsOf(ctx, experimentsOf(body))) {
    for (const key of await keysOfRun(ctx, run, kind)) holders.get(key)?.push(cuid)
  }
  return Object.fromEntries(holders)
}

const systemPrefix = '__swanlab__'

/** A run's columns as older SDKs list them; on a resume, all of them at once. */
export async function listColumns(ctx: Context, cuid: string, query: URLSearchParams) {
  const run = await runByCuid(ctx, cuid)
  const { read } = ctx.platform.db
  const heads = await pointsStore(ctx.platform).latest(run.id)
  const definitions = await read.all(definitionsOf, { project_id: run.project_id })
  const defined = new Map(definitions.map((row) => [row.series_key, row]))
  const media = await read.all(mediaHeads, { run_id: run.id })
  const all = [
    ...heads.map(({ key, type }) => ({ key, type })),
    ...media.map(({ series_key: key }) => ({ key, type: defined.get(key)?.type ?? 'TEXT' })),
  ].map(({ key, type }) => ({
    key,
    type,
    class: key.startsWith(systemPrefix) ? 'SYSTEM' : 'CUSTOM',
    name: defined.get(key)?.name ?? key,
    createdAt: Number(run.created_at),
    error: null,
  }))
  const search = (query.get('search') ?? '').toLowerCase()
  const found = all.filter(
    (column) =>
      column.key.toLowerCase().includes(search) &&
      [null, column.class].includes(query.get('class')) &&
      [null, column.type].includes(query.get('type')),
  )
  if (query.get('all') !== null)
    return paged(found, found.length, { page: 1, size: found.length || 1, offset: 0 })
  const paging = pagingOf(query)
  return paged(found.slice(paging.offset, paging.offset + paging.size), found.length, paging)
}

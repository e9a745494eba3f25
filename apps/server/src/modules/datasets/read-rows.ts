import type { Readable } from 'node:stream'
import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import { type Context, type Platform, perPlatform } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { datasetFor } from './load.ts'
import { type Line, LineSplitter, isBlank } from './rows/line-splitter.ts'
import { longestRow, readRow } from './rows/read-row.ts'
import { RowIndex } from './rows/row-index.ts'

type Reply = RouteReply<'datasets.rows'>
type Item = Reply['items'][number]
type Query = RouteHandlerInput<'datasets.rows'>['query']

/** A page ends early once it has read so much: long rows come in small pages. */
const pageBytes = 2 ** 20
const titleLength = 80
const keptIndexes = 4

const indexes = perPlatform(() => new Map<string, Promise<RowIndex>>())

async function readAll(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

/** The row index of a file; those last asked for are kept in memory. */
function indexOf(platform: Platform, fileId: string): Promise<RowIndex> {
  const kept = indexes(platform)
  const found = kept.get(fileId)
  if (found) {
    kept.delete(fileId)
    kept.set(fileId, found)
    return found
  }
  const opened = platform.files.open(fileId).then(async (stream) => new RowIndex(await readAll(stream)))
  opened.catch(() => kept.delete(fileId))
  kept.set(fileId, opened)
  for (const oldest of kept.keys()) {
    if (kept.size <= keptIndexes) break
    kept.delete(oldest)
  }
  return opened
}

function titleOf(messages: Item['messages']): string {
  const first = messages.find((message) => message.role === 'user') ?? messages[0]
  const text = (first?.content ?? '').slice(0, 400).replace(/\s+/g, ' ').trim()
  return text.length > titleLength ? `${text.slice(0, titleLength).trimEnd()}…` : text
}

class PageReader {
  readonly items: Item[] = []
  /** The next good row behind the page. */
  next: number | null = null
  isFull = false
  private bytes = 0
  private position: number
  private readonly query: Query

  constructor(position: number, query: Query) {
    this.position = position
    this.query = query
  }

  take(line: Line): void {
    if (this.isFull || isBlank(line)) return
    const result = readRow(line)
    if (result.problem) return
    const position = this.position++
    const { skip, from, limit } = this.query
    if (skip === undefined ? line.number < from : position < skip) return
    if (this.items.length === limit || (this.items.length > 0 && this.bytes + line.length > pageBytes)) {
      this.next = line.number
      this.isFull = true
      return
    }
    this.bytes += line.length
    const { messages } = result
    this.items.push({ row: line.number, position: position + 1, title: titleOf(messages), messages })
  }
}

/** Reads what lies between two entries of the index: no good row begins behind their reach. */
async function readStretch(
  platform: Platform,
  fileId: string,
  page: PageReader,
  stretch: { start: number; line: number; end: number; lastStart: number },
): Promise<void> {
  const splitter = new LineSplitter({ limit: longestRow, offset: stretch.start, number: stretch.line })
  const stream = await platform.files.open(fileId, { start: stretch.start, end: stretch.end - 1 })
  let readTo = stretch.start
  try {
    for await (const piece of stream) {
      for (const line of splitter.push(piece as Buffer)) {
        if (page.isFull || line.start > stretch.lastStart) return
        page.take(line)
      }
      readTo += (piece as Buffer).length
      // Within a line that is longer than any good one.
      if (readTo > stretch.lastStart + longestRow + 1) return
    }
    for (const line of splitter.end()) page.take(line)
  } finally {
    stream.destroy()
  }
}

/**
 * Good rows as conversations, from a line of the file on, or behind the first `skip` good ones.
 * @throws AppError `datasets.not-ready` before a first check has ended.
 */
export async function readRows(ctx: Context, id: string, query: Query): Promise<Reply> {
  const { platform } = ctx
  const row = await datasetFor(ctx, platform.db.read, id, 'read')
  if (row.index_file_id === null) throw new AppError('datasets.not-ready')
  const index = await indexOf(platform, row.index_file_id)
  const first =
    query.skip === undefined ? index.before('line', query.from) : index.before('position', query.skip)
  const page = new PageReader(index.entry(first)?.position ?? 0, query)
  for (let at = first; !page.isFull; at++) {
    const entry = index.entry(at)
    if (!entry) break
    const end = index.entry(at + 1)?.start ?? Number(row.bytes)
    const lastStart = entry.start + index.reach
    await readStretch(platform, row.file_id, page, { ...entry, end, lastStart })
  }
  return { items: page.items, next: page.next }
}

import { Readable } from 'node:stream'
import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { csvLine } from '../../platform/csv.ts'
import { decodeCursor } from '../../platform/cursor.ts'
import { type FileReply, fileReply } from '../../platform/http/index.ts'
import { write } from '../../platform/write.ts'
import { type AuditEntry, auditFilter, presentEntry } from './audit-filter.ts'

const atOnce = 1000
const columns = [
  'number',
  'at',
  'outcome',
  'action',
  'actorKind',
  'actorId',
  'actorName',
  'targetKind',
  'targetId',
  'address',
  'requestId',
  'route',
  'hash',
] as const satisfies readonly (keyof AuditEntry)[]

const formats = {
  csv: {
    type: 'text/csv; charset=utf-8',
    /* The mark tells a spreadsheet that it is UTF-8. */
    head: `\uFEFF${csvLine([...columns, 'details'])}`,
    line: (entry: AuditEntry) =>
      csvLine([...columns.map((column) => entry[column]), JSON.stringify(entry.details)]),
  },
  jsonl: {
    type: 'application/x-ndjson',
    head: '',
    line: (entry: AuditEntry) => `${JSON.stringify(entry)}\n`,
  },
}

type Asked = RouteHandlerInput<'admin.exportAudit'>['query']

async function* pagesOf(ctx: Context, { format, ...asked }: Asked): AsyncGenerator<string> {
  const { head, line } = formats[format]
  if (head) yield head
  let cursor: string | undefined
  do {
    const page = await ctx.platform.audit.list(auditFilter(asked), decodeCursor(cursor), atOnce, presentEntry)
    yield page.items.map(line).join('')
    cursor = page.nextCursor ?? undefined
  } while (cursor)
}

/** The events of a filter as a file, newest first. That it was taken is an event of its own. */
export async function exportAudit(ctx: Context, query: Asked): Promise<FileReply> {
  const { format, ...filter } = query
  await write(ctx, async (tx) => tx.audit('audit.exported', null, { format, ...filter }))
  const day = new Date(ctx.platform.clock.now()).toISOString().slice(0, 10)
  return fileReply({
    stream: Readable.from(pagesOf(ctx, query)),
    type: formats[format].type,
    name: `audit-${day}.${format}`,
  })
}

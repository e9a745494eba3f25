import type { Context } from '../../platform/context.ts'
import { type FileReply, fileReply } from '../../platform/http/index.ts'
import { datasetFor } from './load.ts'

/** The file as it was uploaded. */
export async function downloadDataset(ctx: Context, id: string): Promise<FileReply> {
  const row = await datasetFor(ctx, ctx.platform.db.read, id, 'read')
  const stream = await ctx.platform.files.open(row.file_id)
  const name = /\.jsonl$/i.test(row.name) ? row.name : `${row.name}.jsonl`
  return fileReply({ stream, size: Number(row.bytes), type: 'application/x-ndjson', name })
}

import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { runThread } from '../../platform/threads.ts'
import { datasetFor } from './load.ts'
import type { ExportInput, Exported } from './rows/export-file.ts'

export interface ExportedMessages extends Exported {
  versionId: string
  versionNumber: number
}

/**
 * Writes the good rows to a file of this server, one `{"messages": [{role, content, reasoning?}]}` a line.
 * Throws `datasets.not-found`, `datasets.not-ready`, `datasets.no-good-rows`, `platform.node-unreachable`.
 */
export async function exportMessages(
  ctx: Context,
  datasetId: string,
  path: string,
): Promise<ExportedMessages> {
  const { platform } = ctx
  const row = await datasetFor(ctx, platform.db.read, datasetId, 'use')
  if (row.index_file_id === null) throw new AppError('datasets.not-ready')
  const from = await platform.files.localPath(row.file_id)
  const exported = await runThread<Exported>('modules/datasets/export.worker', {
    data: { from, to: path } satisfies ExportInput,
  })
  if (exported.rows === 0) throw new AppError('datasets.no-good-rows', { rows: Number(row.row_count) })
  return { ...exported, versionId: row.version_id, versionNumber: row.number }
}

/** What a run remembers of a dataset; `goodRows` is 0 until it has been checked. Throws as `datasetFor` for `use`. */
export async function datasetForTraining(
  ctx: Context,
  reader: Reader,
  id: string,
): Promise<{ name: string; version: number; goodRows: number }> {
  const row = await datasetFor(ctx, reader, id, 'use')
  const goodRows = row.index_file_id === null ? 0 : Number(row.row_count) - Number(row.bad_count)
  return { name: row.name, version: row.number, goodRows }
}

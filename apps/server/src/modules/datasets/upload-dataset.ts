import type { Readable } from 'node:stream'
import type { RouteHandlerInput } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import type { StoredFile } from '../../platform/files/index.ts'
import { youngGarbageCollector } from '../../platform/young-garbage.ts'
import { actorUserId } from '../auth/index.ts'
import { addDataset } from './add-dataset.ts'
import type { DatasetView } from './present.ts'

const GIBIBYTE = 2 ** 30
const limitBytes = 20 * GIBIBYTE

/** What went wrong while the body came, in this module's words. */
function uploadError(error: unknown, body: Readable): unknown {
  if (error instanceof AppError) {
    if (error.code === 'platform.no-space') return new AppError('datasets.no-space', {}, { cause: error })
    if (error.code !== 'platform.body-too-large') return error
    return new AppError('datasets.too-large', { limit: `${limitBytes / GIBIBYTE} GB` }, { cause: error })
  }
  const isCut = body.errored !== null || body.readableAborted
  return isCut ? new AppError('datasets.cut-off', {}, { cause: error }) : error
}

async function store(ctx: Context, body: Readable): Promise<StoredFile> {
  try {
    return await ctx.platform.files.put(body, { limitBytes, onProgress: youngGarbageCollector() })
  } catch (error) {
    throw uploadError(error, body)
  }
}

/**
 * Takes a file in as a dataset of the actor's own; its rows are checked afterwards.
 * Throws `datasets.empty`, `datasets.cut-off`, `datasets.too-large`, `datasets.no-space`, and then nothing is kept.
 */
export async function uploadDataset(
  ctx: Context,
  query: RouteHandlerInput<'datasets.upload'>['query'],
  body: Readable,
): Promise<DatasetView> {
  actorUserId(ctx.actor)
  const file = await store(ctx, body)
  if (file.bytes === 0) {
    await ctx.platform.files.remove(file.id)
    throw new AppError('datasets.empty')
  }
  return addDataset(ctx, { name: query.name, visibility: query.visibility, file, isSample: false })
}

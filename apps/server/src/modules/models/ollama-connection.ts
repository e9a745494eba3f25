import type { ResourceAction } from '@anneal/contract'
import { ProviderError } from '@anneal/providers'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { connectionFor } from './load.ts'
import type { ConnectionRow } from './models.tables.ts'
import { problemOf } from './problem.ts'

/** A connection to an Ollama server that the actor may do `action` with. */
export async function ollamaConnectionFor(
  ctx: Context,
  reader: Reader,
  id: string,
  action: ResourceAction,
): Promise<ConnectionRow> {
  const row = await connectionFor(ctx, reader, id, action)
  if (row.provider !== 'ollama') throw new AppError('models.not-ollama', { name: row.name })
  return row
}

/** A provider's failure in words of the catalogue; anything else goes on as it is. */
export async function inWords<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    throw new AppError(error.code, problemOf(error).params, { cause: error })
  }
}

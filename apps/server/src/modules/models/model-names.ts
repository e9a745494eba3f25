import { type Platform, perPlatform } from '../../platform/context.ts'
import { modelIdsAndNames } from './models.repo.ts'

const cache = perPlatform(() => ({ names: null as Promise<ReadonlyMap<string, string>> | null }))

/** Names of all models by id, deleted ones too, so that an old answer still says what made it. */
export function modelNames(platform: Platform): Promise<ReadonlyMap<string, string>> {
  const entry = cache(platform)
  entry.names ??= platform.db.read.all(modelIdsAndNames, {}).then(
    (rows) => new Map(rows.map((row) => [row.id, row.name])),
    (error: unknown) => {
      entry.names = null
      throw error
    },
  )
  return entry.names
}

/** Called on every change of a model, whichever server made it. */
export function forgetModelNames(platform: Platform): void {
  cache(platform).names = null
}

import { access, realpath } from 'node:fs/promises'
import path from 'node:path'
import type { Platform } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'

/** What the platform keeps for people: each of these is reached through its own resource, by whoever may. */
const kept = ['runs', 'deployments', 'files']

function isWithin(folder: string, parent: string): boolean {
  const relative = path.relative(parent, folder)
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative))
}

/**
 * A folder on this server that holds a model. One within what the platform keeps is refused as if it were not there:
 * by its path, somebody could train on another's private run.
 * @throws AppError `training.base-model-missing`.
 */
export async function requireModelFolder({ config }: Platform, folder: string): Promise<void> {
  if (path.isAbsolute(folder) && (await holdsModel(folder)) && !(await isKept(config.data, folder))) return
  throw new AppError('training.base-model-missing', { path: folder })
}

function holdsModel(folder: string): Promise<boolean> {
  return access(path.join(folder, 'config.json')).then(
    () => true,
    () => false,
  )
}

async function isKept(dataFolder: string, folder: string): Promise<boolean> {
  const [real, data] = await Promise.all([realpath(folder), realpath(dataFolder)])
  return kept.some((name) => isWithin(real, path.join(data, name)))
}

import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Config } from '../../../platform/config/index.ts'

/** Where the engine lies. `environment` may be a link to one that was prepared elsewhere. */
export interface EnginePaths {
  environment: string
  python: string
  /** Log and process files of its preparation, and pip's temporary files. */
  setup: string
  lock: string
  /** The folder that Python imports `anneal_trainer` from. */
  trainer: string
}

export function enginePaths(config: Pick<Config, 'data' | 'root'>): EnginePaths {
  const folder = path.join(config.data, 'engine')
  // The folder itself may be an environment, linked there by whoever prepared one.
  const environment = existsSync(path.join(folder, 'bin/python')) ? folder : path.join(folder, 'venv')
  const trainer = path.join(config.root, 'workers/trainer')
  return {
    environment,
    python: path.join(environment, 'bin/python'),
    setup: path.join(config.data, 'engine-setup'),
    lock: path.join(trainer, 'requirements.lock'),
    trainer,
  }
}

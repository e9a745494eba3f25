import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'

/** The folder of the training engine's environment that the test run prepared; undefined where there is none. */
export function preparedEngine(): string | undefined {
  const folder = process.env.ANNEAL_TEST_ENGINE
  return folder && existsSync(path.join(folder, 'bin/python')) ? folder : undefined
}

/** Makes the prepared environment that of a server's data folder, so that it is not made again. */
export function linkEngine(dataFolder: string): void {
  const engine = preparedEngine()
  if (!engine) return
  const target = path.join(dataFolder, 'engine')
  mkdirSync(target, { recursive: true })
  symlinkSync(engine, path.join(target, 'venv'))
}

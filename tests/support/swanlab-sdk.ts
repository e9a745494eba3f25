import { existsSync } from 'node:fs'
import path from 'node:path'

/** The oldest version that this server answers, and the newest. */
export const sdkVersions = ['0.7.20', '0.10.3'] as const
export type SdkVersion = (typeof sdkVersions)[number]

/** The Python environment with a version of SwanLab's SDK; undefined where the test run has none. */
export function preparedSdk(version: SdkVersion): string | undefined {
  const folder = process.env.ANNEAL_TEST_SWANLAB ?? path.resolve(import.meta.dirname, '../../.cache/swanlab')
  const environment = path.join(folder, version)
  return existsSync(path.join(environment, '.ready')) ? environment : undefined
}

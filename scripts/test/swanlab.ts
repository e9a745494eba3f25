import path from 'node:path'
import { root } from '../lib/bootstrap.mjs'
import { sdkVersions } from '../../tests/support/swanlab-sdk.ts'
import type { Prepared } from './engine.ts'
import { preparePackage } from './python-package.ts'

/** What the scripts of the tests log pictures and sounds with. */
const beside = ['numpy', 'pillow', 'soundfile']

/** Makes an environment for each version of SwanLab's SDK in `.cache/swanlab/<version>`, once. */
export async function prepareSwanlab(): Promise<Prepared> {
  for (const version of sdkVersions) {
    const prepared = await preparePackage({ name: 'swanlab', version, title: 'SwanLab’s SDK', beside })
    if ('missing' in prepared) return prepared
  }
  return { folder: path.join(root, '.cache/swanlab') }
}

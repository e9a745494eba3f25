import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root, say } from '../lib/bootstrap.mjs'
import { type Prepared, findPython } from './engine.ts'
import { runProcess } from './run-process.ts'
import { sdkVersions } from '../../tests/support/swanlab-sdk.ts'

/** What the scripts of the tests log pictures and sounds with. */
const beside = ['numpy', 'pillow', 'soundfile']

/** Makes an environment for each version of SwanLab's SDK in `.cache/swanlab/<version>`, once. */
export async function prepareSwanlab(): Promise<Prepared> {
  const folder = path.join(root, '.cache/swanlab')
  const lacking = sdkVersions.filter((version) => !existsSync(path.join(folder, version, '.ready')))
  if (lacking.length === 0) return { folder }
  const python = findPython()
  if (!python) return { missing: 'no Python 3.10 or newer with venv (Debian: apt-get install python3-venv)' }
  mkdirSync(folder, { recursive: true })
  const log = path.join(folder, 'install.log')
  say(`Preparing SwanLab's SDK ${lacking.join(' and ')} (once; log: .cache/swanlab/install.log) …`)
  const output = openSync(log, 'a')
  try {
    for (const version of lacking) {
      const target = path.join(folder, version)
      rmSync(target, { recursive: true, force: true })
      const made = await runProcess(python, ['-m', 'venv', target], { timeoutMs: 120_000, output })
      if (made.code !== 0) return { missing: `python -m venv failed, see ${log}` }
      const args = ['-m', 'pip', 'install', '--progress-bar', 'off', `swanlab==${version}`, ...beside]
      const pip = path.join(target, 'bin/python')
      const installed = await runProcess(pip, args, { timeoutMs: 300_000, output })
      if (installed.code !== 0) return { missing: `pip could not install swanlab ${version}, see ${log}` }
      writeFileSync(path.join(target, '.ready'), '')
    }
  } finally {
    closeSync(output)
  }
  return { folder }
}

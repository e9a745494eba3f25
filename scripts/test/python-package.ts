import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root, say } from '../lib/bootstrap.mjs'
import { type Prepared, findPython } from './engine.ts'
import { runProcess } from './run-process.ts'

interface PythonPackage {
  /** On PyPI, and the name of its folder in `.cache`. */
  name: string
  version: string
  /** In a sentence: "Preparing …". */
  title: string
  /** More packages in the same environment. */
  beside?: readonly string[]
}

/** Makes a Python environment with one package in `.cache/<name>/<version>`, once. */
export async function preparePackage({
  name,
  version,
  title,
  beside = [],
}: PythonPackage): Promise<Prepared> {
  const folder = path.join(root, '.cache', name)
  const target = path.join(folder, version)
  if (existsSync(path.join(target, '.ready'))) return { folder }
  const python = findPython()
  if (!python) return { missing: 'no Python 3.10 or newer with venv (Debian: apt-get install python3-venv)' }
  mkdirSync(folder, { recursive: true })
  const log = path.join(folder, 'install.log')
  say(`Preparing ${title} ${version} (once; log: .cache/${name}/install.log) …`)
  const output = openSync(log, 'a')
  try {
    rmSync(target, { recursive: true, force: true })
    const made = await runProcess(python, ['-m', 'venv', target], { timeoutMs: 120_000, output })
    if (made.code !== 0) return { missing: `python -m venv failed, see ${log}` }
    const args = ['-m', 'pip', 'install', '--progress-bar', 'off', `${name}==${version}`, ...beside]
    const pip = path.join(target, 'bin/python')
    const installed = await runProcess(pip, args, { timeoutMs: 300_000, output })
    if (installed.code !== 0) return { missing: `pip could not install ${name} ${version}, see ${log}` }
  } finally {
    closeSync(output)
  }
  writeFileSync(path.join(target, '.ready'), '')
  return { folder }
}

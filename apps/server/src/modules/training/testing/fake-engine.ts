import { chmod, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readLock, writeStamp } from '../engine/lock.ts'

const root = path.resolve(import.meta.dirname, '../../../../../..')

/** Gives a data folder an engine that trains and serves nothing, but behaves to the server like the real one. */
export async function addFakeEngine(dataFolder: string): Promise<void> {
  const environment = path.join(dataFolder, 'engine/venv')
  const python = path.join(environment, 'bin/python')
  await mkdir(path.dirname(python), { recursive: true })
  const script = path.join(import.meta.dirname, 'fake-engine.py')
  await writeFile(python, `#!/bin/sh\nexec python3 ${script} "$@"\n`)
  await chmod(python, 0o755)
  const { hash } = await readLock(path.join(root, 'workers/trainer/requirements.lock'))
  await writeStamp(environment, {
    lock: hash,
    python: '3.12.0',
    versions: { torch: '2.13.0' },
    device: 'Fake CPU',
    preparedAt: 1_800_000_000_000,
  })
}

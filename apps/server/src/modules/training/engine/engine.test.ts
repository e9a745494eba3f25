import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import type { Transport } from '@anneal/providers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createProcesses } from '../../../platform/processes/index.ts'
import { pipEnvironment, trainerEnvironment } from './child-environment.ts'
import { enginePaths } from './engine-paths.ts'
import { findPython } from './find-python.ts'
import { matchesLock, readLock, readStamp } from './lock.ts'
import { pipFailure } from './pip-failure.ts'
import type { EngineProgress, Preparation } from './prepare-engine.ts'
import { prepareEngine } from './prepare-engine.ts'
import { torchIndex } from './torch-index.ts'

const root = path.resolve(import.meta.dirname, '../../../../../..')
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'anneal-engine-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function program(name: string, script: string): Promise<string> {
  const file = path.join(folder, name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
  return file
}

const claims = (version: string, venv = true) =>
  `echo '${JSON.stringify({ path: '/usr/bin/python3', version, venv })}'`

const nowhere: Transport = { request: () => Promise.reject(new Error('no network')) }
const reached: string[] = []
const everywhere: Transport = {
  request: async ({ url }) => {
    reached.push(url)
    return { status: 200, headers: {}, body: Readable.from(['']) }
  },
}

describe('finding Python', () => {
  const look = (asked: string | null) => findPython(asked, { PATH: folder })

  test('takes the first that serves', async () => {
    await program('python3', claims('3.9.2'))
    await program('python3.12', claims('3.12.1'))
    expect(await look(null)).toMatchObject({ version: '3.12.1' })
  })

  test.each([
    ['3.9.18', true, 'training.python-too-old'],
    ['3.15.0', true, 'training.python-too-new'],
    ['3.11.2', false, 'training.venv-missing'],
  ])('says what is wrong with %s', async (version, venv, code) => {
    const python = await program('mine', claims(version, venv))
    await expect(look(python)).rejects.toMatchObject({ code, params: { version } })
  })

  test('says that there is none, or that the one named does not run', async () => {
    await expect(look(null)).rejects.toMatchObject({ code: 'training.python-missing' })
    await program('python3', claims('3.12.0'))
    await expect(look('/nowhere/python')).rejects.toMatchObject({ code: 'training.python-missing' })
    const broken = await program('broken', 'exit 1')
    await expect(look(broken)).rejects.toMatchObject({ code: 'training.python-missing' })
  })
})

describe('the index for torch', () => {
  const choose = async (more: {
    asked?: string
    env?: Record<string, string>
    config?: string
    gpu?: boolean
    transport?: Transport
  }) => {
    const python = await program('pip-python', `printf '%s\\n' "${more.config ?? ''}"`)
    const env = { PATH: process.env.PATH ?? '', ...more.env }
    const { asked = null, gpu = false, transport = everywhere } = more
    return torchIndex({ asked, python, env, transport, platform: 'linux', hasGpu: async () => gpu })
  }

  test('is the public CPU index without a GPU and without an index of pip’s own', async () => {
    reached.length = 0
    expect(await choose({ config: "global.timeout='60'" })).toMatchObject({
      index: 'https://download.pytorch.org/whl/cpu',
    })
    expect(reached).toEqual(['https://download.pytorch.org/whl/cpu/torch/'])
  })

  test.each([
    [{ gpu: true }],
    [{ config: "global.index-url='https://mirror/simple'" }],
    [{ config: "global.extra-index-url='file:///wheels'" }],
    [{ config: ":env:.find-links='/wheels'" }],
    [{ env: { PIP_INDEX_URL: 'https://mirror/simple' } }],
    [{ env: { PIP_FIND_LINKS: '/wheels' } }],
    [{ asked: 'none' }],
    [{ transport: nowhere }],
    [{ asked: 'https://own/whl', transport: nowhere }],
  ])('is left out for %j', async (more) => {
    expect((await choose(more)).index).toBeNull()
  })

  test('an index that was named is used whatever pip has', async () => {
    const own = { asked: 'https://own/whl', config: "global.index-url='https://mirror/simple'", gpu: true }
    expect((await choose(own)).index).toBe('https://own/whl')
  })
})

test('pip’s endings become words', () => {
  const code = (...lines: string[]) => pipFailure(lines, '1.2', 4)
  expect(
    code('ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device'),
  ).toMatchObject({
    code: 'training.no-space',
    params: { free: '1.2', needed: 4 },
  })
  const network =
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<HTTPSConnection(host='pypi.org', port=443)>: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/torch/"
  expect(code(network, 'ERROR: No matching distribution found for torch==2.13.0')).toMatchObject({
    code: 'training.no-network',
    params: { source: 'pypi.org' },
  })
  expect(code('Collecting torch', 'ERROR: No matching distribution found for torch==2.13.0')).toMatchObject({
    code: 'training.install-failed',
    params: { lines: 'ERROR: No matching distribution found for torch==2.13.0' },
  })
})

test('programs of the engine get no secret of the server', () => {
  const all = {
    PATH: '/bin',
    HTTPS_PROXY: 'http://proxy',
    PIP_INDEX_URL: 'https://mirror',
    HF_TOKEN: 'for the hub',
    ANNEAL_MASTER_KEY: 'secret',
    ANNEAL_DATABASE_URL: 'secret',
    AWS_SECRET_ACCESS_KEY: 'secret',
    NO_PROXY: 'intern',
  }
  const config = { httpProxy: 'http://other', caFile: '/ca.pem' }
  const pip = pipEnvironment(config, '/data/tmp', all)
  expect(pip).toMatchObject({
    PIP_INDEX_URL: 'https://mirror',
    HTTPS_PROXY: 'http://proxy',
    TMPDIR: '/data/tmp',
  })
  const trainer = trainerEnvironment(config, '/trainer', all)
  expect(trainer).toMatchObject({ PYTHONPATH: '/trainer', HF_TOKEN: 'for the hub', SSL_CERT_FILE: '/ca.pem' })
  expect(trainer.NO_PROXY).toBe('intern,localhost,127.0.0.1,::1')
  for (const env of [pip, trainer]) expect(JSON.stringify(env)).not.toContain('secret')
})

test('the lock is matched whatever the build', async () => {
  const lock = await readLock(path.join(root, 'workers/trainer/requirements.lock'))
  const torch = lock.pins.get('torch') ?? ''
  expect(matchesLock(lock, { torch: `${torch}+cpu`, unheard: '1' })).toBe(true)
  expect(matchesLock(lock, { torch: '1.0.0' })).toBe(false)
})

describe('preparation', () => {
  const told: EngineProgress[] = []
  const preparation = (more: Partial<Preparation> = {}): Preparation => {
    const config = { data: folder, root, python: null, torchIndex: 'none', httpProxy: null, caFile: null }
    told.length = 0
    return {
      paths: enginePaths(config),
      config,
      processes: createProcesses(root),
      transport: nowhere,
      signal: new AbortController().signal,
      tell: (progress) => told.push(progress),
      ...more,
    }
  }
  const logText = () => readFile(path.join(folder, 'engine-setup/log.txt'), 'utf8')

  test('too little space is said before anything is fetched', async () => {
    await expect(prepareEngine(preparation({ neededGb: 10_000_000 }))).rejects.toMatchObject({
      code: 'training.no-space',
      params: { needed: 10_000_000 },
    })
    expect(told.at(-1)?.step).toBe('make-environment')
  })

  test('an installation that fails says so with pip’s last lines, and can be tried again', async () => {
    const lock = path.join(folder, 'requirements.lock')
    await writeFile(lock, 'anneal-no-such-package==0.0.0\n')
    const env = { ...process.env }
    Object.assign(process.env, { PIP_NO_INDEX: '1' })
    try {
      const wrong = preparation({ neededGb: 0 })
      wrong.paths.lock = lock
      for (let attempt = 0; attempt < 2; attempt += 1) {
        await expect(prepareEngine(wrong)).rejects.toMatchObject({ code: 'training.install-failed' })
      }
    } finally {
      process.env = env
    }
    expect(told.map((one) => one.step)).toContain('download')
    expect(told.find((one) => one.downloadBytes)?.downloadBytes).toBeGreaterThan(1e8)
    expect(await logText()).toContain('No matching distribution found for anneal-no-such-package==0.0.0')
    expect(await readStamp(path.join(folder, 'engine/venv'))).toBeNull()
  })

  test('an abort ends the step that runs', async () => {
    const abort = new AbortController()
    const tell = (progress: EngineProgress) => {
      if (progress.step === 'make-environment') abort.abort()
    }
    await expect(
      prepareEngine(preparation({ neededGb: 0, signal: abort.signal, tell })),
    ).rejects.toMatchObject({
      code: 'platform.stopping',
    })
  })

  test('a complete environment is recognised through a link, and from then on by its stamp', async () => {
    const environment = path.join(folder, 'prepared')
    const wanted = await readLock(path.join(root, 'workers/trainer/requirements.lock'))
    const found = {
      python: '3.12.0',
      machine: 'x',
      torch: wanted.pins.get('torch'),
      device: { kind: 'cpu', name: 'Some CPU' },
      ok: true,
      missing: [],
    }
    await program('prepared/bin/python', `echo '${JSON.stringify(found)}'`)
    await symlink(environment, path.join(folder, 'engine'))
    const stamp = await prepareEngine(preparation())
    expect(stamp).toMatchObject({ lock: wanted.hash, device: 'Some CPU', versions: { torch: found.torch } })
    expect(await readStamp(environment)).toEqual(stamp)
    const second = preparation()
    expect(await prepareEngine(second)).toEqual(stamp)
    expect(told).toEqual([])
  })
})

import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { readdir } from 'node:fs/promises'
import { appendLog, ProcessLog, runStep } from '../../../platform/processes/index.ts'
import { countEntries, folderBytes, freeGigabytes } from './disk.ts'
import { pipFailure } from './pip-failure.ts'
import type { Preparation } from './prepare-engine.ts'
import type { TorchChoice } from './torch-index.ts'

const MEGABYTE = 1024 * 1024
/** What the lock's packages came to when they were fetched: with torch for the CPU, for a GPU, and on a Mac. */
const ESTIMATE = { cpu: 400 * MEGABYTE, gpu: 3600 * MEGABYTE, mac: 300 * MEGABYTE }
const LOOK_MS = 1000

export interface Installation {
  /** Runs the wrapper. */
  python: string
  env: Record<string, string>
  temporary: string
  torch: TorchChoice
  packages: number
}

/** pip names a file's size as it begins to fetch it: a torch of this size brings the GPU's libraries along. */
function fetchesGpuBuild(line: string): boolean {
  const size = /Downloading \S*torch-\S+\.whl \(([\d.]+) (MB|GB)\)/.exec(line)
  return size !== null && Number(size[1]) * (size[2] === 'GB' ? 1024 : 1) > 400
}

async function sitePackages(environment: string): Promise<string> {
  const lib = path.join(environment, 'lib')
  const names = await readdir(lib).catch(() => [])
  return path.join(lib, names.find((name) => name.startsWith('python')) ?? 'python3', 'site-packages')
}

/** Watches pip from outside, by its log and files: it tells no progress that every version of it has. */
async function follow(
  preparation: Preparation,
  installation: Installation,
  signal: AbortSignal,
): Promise<void> {
  const { paths, tell } = preparation
  const log = new ProcessLog(paths.setup)
  let seen = (await log.page({ limit: 1 })).total
  let total =
    process.platform === 'darwin' ? ESTIMATE.mac : ESTIMATE[installation.torch.gpuBuild ? 'gpu' : 'cpu']
  let installing = false
  tell({ step: 'download', progress: 0.06, downloadBytes: total })
  await appendLog(paths.setup, [`About ${Math.round(total / MEGABYTE)} MB are to be fetched`])
  const packages = await sitePackages(paths.environment)
  while (!signal.aborted) {
    const { lines } = await log.page({ after: seen, limit: 1000 })
    seen += lines.length
    if (lines.some((line) => fetchesGpuBuild(line.text))) total = ESTIMATE.gpu
    installing ||= lines.some((line) => line.text.startsWith('Installing collected packages'))
    if (installing) {
      const share = (await countEntries(packages, '.dist-info')) / installation.packages
      tell({ step: 'install', progress: 0.7 + 0.22 * Math.min(1, share), downloadBytes: total })
    } else {
      const share = (await folderBytes(installation.temporary)) / total
      tell({ step: 'download', progress: 0.06 + 0.64 * Math.min(1, share), downloadBytes: total })
    }
    await wait(LOOK_MS, undefined, { signal }).catch(() => undefined)
  }
  await log.close()
}

/** Installs the lock's packages. Throws `training.no-network`, `training.no-space`, `training.install-failed`. */
export async function installPackages(preparation: Preparation, installation: Installation): Promise<void> {
  const { paths, processes, signal, config } = preparation
  const extra = installation.torch.index ? ['--extra-index-url', installation.torch.index] : []
  const args = ['-m', 'pip', 'install', '--progress-bar', 'off', ...extra, '-r', paths.lock]
  const ended = new AbortController()
  const followed = follow(preparation, installation, ended.signal).catch(() => undefined)
  try {
    const { python, env } = installation
    const done = await runStep({
      processes,
      folder: paths.setup,
      python,
      command: paths.python,
      args,
      env,
      signal,
    })
    if (done.code === 0) return
    const free = await freeGigabytes(config.data).catch(() => 0)
    throw pipFailure(done.lines, free.toFixed(1), preparation.neededGb ?? 4)
  } finally {
    ended.abort()
    await followed
  }
}

import { execFile } from 'node:child_process'
import { access } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Transport } from '@anneal/providers'

const run = promisify(execFile)

const CPU_INDEX = 'https://download.pytorch.org/whl/cpu'
const PROBE_MS = 5000
const GPU_SIGNS = ['/proc/driver/nvidia/version', '/dev/nvidia0', '/usr/lib/wsl/lib/nvidia-smi']

export interface TorchIndexOptions {
  /** `ANNEAL_TORCH_INDEX`. */
  asked: string | null
  python: string
  env: Record<string, string>
  transport: Transport
  platform?: NodeJS.Platform
  hasGpu?(): Promise<boolean>
}

async function hasNvidiaGpu(): Promise<boolean> {
  const signs = GPU_SIGNS.map((sign) =>
    access(sign).then(
      () => true,
      () => false,
    ),
  )
  return (await Promise.all(signs)).includes(true)
}

/** Whether pip has an index of its own, by configuration file or environment: then nothing is added to it. */
export async function pipHasOwnIndex(python: string, env: Record<string, string>): Promise<boolean> {
  const named = Object.keys(env).some((name) =>
    /^PIP_(EXTRA_)?INDEX_URL$|^PIP_FIND_LINKS$|^PIP_NO_INDEX$/.test(name),
  )
  if (named) return true
  try {
    const { stdout } = await run(python, ['-m', 'pip', 'config', 'list'], { env, timeout: 30_000 })
    return /\.(index-url|extra-index-url|find-links|no-index)=/.test(stdout)
  } catch {
    return false
  }
}

async function answers(transport: Transport, index: string): Promise<boolean> {
  try {
    const reply = await transport.request({
      method: 'GET',
      url: `${index.replace(/\/+$/, '')}/torch/`,
      headers: { accept: 'text/html' },
      signal: AbortSignal.timeout(PROBE_MS),
      connectTimeoutMs: PROBE_MS,
      headersTimeoutMs: PROBE_MS,
    })
    reply.body.on('error', () => undefined).destroy()
    return reply.status < 400
  } catch {
    return false
  }
}

export interface TorchChoice {
  /** To be added to pip's own sources. */
  index: string | null
  because: string
  /** Whether pip will fetch the build for NVIDIA GPUs, several gigabytes, as far as that can be known before. */
  gpuBuild: boolean
}

/** Which index to add for torch's CPU build, if any, with the reason. */
export async function torchIndex(options: TorchIndexOptions): Promise<TorchChoice> {
  const linux = (options.platform ?? process.platform) === 'linux'
  const none = (because: string, gpuBuild: boolean) => ({ index: null, because, gpuBuild })
  if (options.asked === 'none') return none('ANNEAL_TORCH_INDEX is none', linux)
  if (!options.asked) {
    if (!linux) return none('it is the right one here', false)
    if (await (options.hasGpu ?? hasNvidiaGpu)()) return none('an NVIDIA GPU is there', true)
    const own = await pipHasOwnIndex(options.python, options.env)
    if (own) return none('pip has an index of its own configured', false)
  }
  const index = options.asked ?? CPU_INDEX
  if (!(await answers(options.transport, index))) return none(`${index} does not answer`, linux)
  const because = options.asked ? 'ANNEAL_TORCH_INDEX names it' : 'no NVIDIA GPU is there'
  return { index, because, gpuBuild: false }
}

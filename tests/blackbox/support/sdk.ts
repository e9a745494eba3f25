import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { preparedEngine } from '../../support/engine.ts'

export interface ScriptEnd {
  code: number | null
  output: string
  seconds: number
}

export interface RunningScript {
  /** All that it printed so far. */
  output: () => string
  ended: Promise<ScriptEnd>
}

export interface SdkOptions {
  host: string
  key: string
  /** Folder of a Python environment. */
  environment?: string
  limitMs?: number
}

const inherited = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(SWANLAB_|ANNEAL_|VITEST)/.test(name)))

/**
 * Starts a program with the real, unmodified SDK pointed at `host`, from the engine's environment or the one given; it
 * is killed after `limitMs`.
 */
export function startProgram(
  program: 'python' | 'swanlab',
  args: string[],
  options: SdkOptions,
): RunningScript {
  const environment = options.environment ?? preparedEngine()
  if (!environment) throw new Error('no environment with the SDK')
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-sdk-'))
  const began = performance.now()
  const child = spawn(path.join(environment, 'bin', program), args, {
    cwd: folder,
    env: {
      ...inherited(),
      HOME: folder,
      SWANLAB_API_KEY: options.key,
      SWANLAB_API_HOST: `${options.host}/api`,
      SWANLAB_WEB_HOST: options.host,
      SWANLAB_MODE: 'cloud',
      PYTHONUNBUFFERED: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk))
  const timer = setTimeout(() => child.kill('SIGKILL'), options.limitMs ?? 60_000)
  const ended = new Promise<ScriptEnd>((resolve) => {
    child.on('close', (code) => {
      clearTimeout(timer)
      rmSync(folder, { recursive: true, force: true })
      resolve({ code, output, seconds: (performance.now() - began) / 1000 })
    })
  })
  return { output: () => output, ended }
}

/** The same for a Python script given as text. */
export function startScript(source: string, options: SdkOptions): RunningScript {
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-script-'))
  const file = path.join(folder, 'script.py')
  writeFileSync(file, source)
  const script = startProgram('python', [file], options)
  void script.ended.then(() => rmSync(folder, { recursive: true, force: true }))
  return script
}

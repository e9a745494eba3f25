import { runStep } from '../../../platform/processes/index.ts'
import type { Step } from '../../../platform/processes/index.ts'
import { AppError } from '../../../platform/errors.ts'
import type { EngineStamp } from './lock.ts'

const NOT_PACKAGES = new Set(['python', 'machine', 'device', 'ok', 'error', 'missing'])

type Found = Omit<EngineStamp, 'lock' | 'preparedAt'>

function read(line: string): Record<string, unknown> | null {
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    return null
  }
}

function deviceName(device: unknown): string | null {
  return typeof device === 'object' && device !== null && 'name' in device ? String(device.name) : null
}

/** Imports all that the trainer imports. Throws `training.install-failed` with the engine's own words where that fails. */
export async function probeEngine(step: Omit<Step, 'args'>): Promise<Found> {
  const { code, lines } = await runStep({ ...step, args: ['-m', 'anneal_trainer.probe'] })
  const found = lines.map(read).findLast((value) => value !== null)
  if (code !== 0 || found?.ok !== true) {
    const missing = Array.isArray(found?.missing) ? found.missing.join(', ') : ''
    const said = String(found?.error ?? (missing || (lines.at(-1) ?? `exit code ${code}`)))
    throw new AppError('training.install-failed', { lines: said })
  }
  const packages = Object.entries(found).filter(([name]) => !NOT_PACKAGES.has(name))
  return {
    python: String(found.python),
    versions: Object.fromEntries(packages.map(([name, version]) => [name, String(version)])),
    device: deviceName(found.device),
  }
}

import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { BaseModel, TrainingSettings, Tuning } from './run-state.ts'
import type { TrackedRun } from './tracking-environment.ts'
import type { RunRow } from './training.repo.ts'

/** The frozen config of `workers/trainer/config.schema.json`. */
export function trainerConfig(
  row: RunRow,
  dataPath: string,
  warmupRatio: number,
  tracked: TrackedRun | null,
  resumePath: string | null,
) {
  return {
    runId: row.id,
    name: row.name,
    method: 'sft',
    baseModel: JSON.parse(row.base_model) as BaseModel,
    tuning: JSON.parse(row.tuning) as Tuning,
    data: { path: dataPath, format: 'messages' },
    ...(JSON.parse(row.settings) as TrainingSettings),
    warmupRatio,
    device: 'auto',
    ...(resumePath !== null && { resumeFrom: resumePath }),
    tracking: tracked
      ? { enabled: true, workspace: tracked.workspace, project: tracked.project }
      : { enabled: false },
  }
}

/** Written whole or not at all. */
export async function writeTrainerConfig(folder: string, config: unknown): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = path.join(folder, 'config.json')
  await writeFile(`${file}.tmp`, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.tmp`, file)
}

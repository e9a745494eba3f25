import type { AboutResources } from '../auth/index.ts'
import type { Phase, Progress, RunProblem, RunView } from './run-state.ts'
import type { RunRow } from './training.repo.ts'

const time = (ms: number): string => new Date(ms).toISOString()
const timeOrNull = (ms: number | null): string | null => (ms === null ? null : time(ms))

export function presentRun(row: RunRow, about: AboutResources): RunView {
  return {
    id: row.id,
    ownerId: row.owner_id,
    ownerName: about.ownerName(row),
    visibility: row.visibility,
    version: row.version,
    createdAt: time(row.created_at),
    updatedAt: time(row.updated_at),
    may: about.may(row),
    name: row.name,
    state: row.state,
    datasetId: row.dataset_id,
    datasetName: row.dataset_name,
    datasetVersion: row.dataset_version,
    baseModel: JSON.parse(row.base_model) as RunView['baseModel'],
    tuning: JSON.parse(row.tuning) as RunView['tuning'],
    settings: JSON.parse(row.settings) as RunView['settings'],
    ...(JSON.parse(row.progress) as Progress),
    error: row.error === null ? null : (JSON.parse(row.error) as RunProblem),
    phases: (JSON.parse(row.phases) as Phase[]).map((phase) => ({
      phase: phase.phase,
      startedAt: time(phase.startedAt),
      endedAt: timeOrNull(phase.endedAt),
    })),
    startedAt: timeOrNull(row.started_at),
    endedAt: timeOrNull(row.ended_at),
    trackedRunId: row.tracked_run_id,
    warnings: JSON.parse(row.warnings) as RunProblem[],
    resumedFrom:
      row.resumed_run_id === null
        ? null
        : { trainingRunId: row.resumed_run_id, name: row.resumed_name ?? '', step: row.resumed_step ?? 0 },
    servable: row.servable === 1,
  }
}

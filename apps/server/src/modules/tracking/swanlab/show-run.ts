import { fromJson } from '../../../platform/db/index.ts'
import type { UserLabel } from '../../auth/index.ts'
import type { TrackedRunRow } from '../tracking.repo.ts'

const timeText = (time: number | null): string | null =>
  time === null ? null : new Date(Number(time)).toISOString()

/** The SDK knows no run that is only expected. */
const stateNames: Readonly<Record<string, string>> = { announced: 'RUNNING' }

/** A run as the SDK reads it; `flagId` and a configuration are what its oldest version cannot do without. */
export function showRun(row: TrackedRunRow, owner?: UserLabel | undefined) {
  const profile = fromJson<Record<string, unknown>>(row.profile)
  return {
    cuid: row.cuid,
    slug: row.cuid,
    project_id: row.project_id,
    name: row.name,
    description: row.description ?? '',
    type: 'EXPERIMENT',
    state: stateNames[row.state] ?? row.state.toUpperCase(),
    show: true,
    colors: row.colors === null ? [] : fromJson<string[]>(row.colors),
    labels: (row.labels === null ? [] : fromJson<string[]>(row.labels)).map((name) => ({ name, colors: [] })),
    cluster: row.cluster ?? '',
    job: row.job ?? '',
    user: { username: owner?.workspace ?? '', name: owner?.name ?? '' },
    rootProId: '',
    rootExpId: '',
    createdAt: timeText(row.created_at),
    updatedAt: timeText(row.updated_at),
    finishedAt: timeText(row.finished_at) ?? '',
    flagId: row.cuid,
    profile: {
      requirements: '',
      conda: '',
      ...profile,
      config: profile['config'] ?? {},
      metadata: profile['metadata'] ?? {},
    },
  }
}

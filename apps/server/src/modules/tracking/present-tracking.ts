import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { can, grantsOf, mayOf, usersByIds } from '../auth/index.ts'
import { type Setting, flatSettings, plainConfig } from './flat-settings.ts'
import type { CountedProject, ListedRun } from './tracking-pages.repo.ts'
import type { ProjectRow, TrackedRunRow } from './tracking.repo.ts'

export type ProjectView = RouteReply<'tracking.project'>
export type RunDetail = RouteReply<'tracking.run'>
type RunRow = RouteReply<'tracking.runs'>['items'][number]
type RunView = Omit<RunRow, 'values'>
type People = Awaited<ReturnType<typeof usersByIds>>

const time = (ms: number): string => new Date(ms).toISOString()
const timeOrNull = (ms: number | null): string | null => (ms === null ? null : time(ms))

function resource(
  ctx: Context,
  kind: 'project' | 'tracked-run',
  row: ProjectRow | ListedRun,
  people: People,
) {
  return {
    id: row.id,
    ownerId: row.owner_id,
    ownerName: people.get(row.owner_id)?.name ?? '',
    visibility: row.visibility,
    version: row.version,
    createdAt: time(row.created_at),
    updatedAt: time(row.updated_at),
    may: mayOf(ctx.actor, { kind, ownerId: row.owner_id, visibility: row.visibility }),
  }
}

export function presentProject(ctx: Context, row: CountedProject, people: People): ProjectView {
  return {
    ...resource(ctx, 'project', row, people),
    workspace: row.workspace,
    name: row.name,
    description: row.description ?? '',
    runs: row.runs,
    live: row.live,
    lastActivityAt: time(row.last_activity),
  }
}

/** Settings that are stored flat, or those of a profile that was stored before they were. */
export function settingsOf(
  row: Pick<TrackedRunRow, 'settings'>,
  profile?: Record<string, unknown>,
): Setting[] {
  if (row.settings !== null) return JSON.parse(row.settings) as Setting[]
  return profile ? flatSettings(profile['config']) : []
}

export const tagsOf = (row: Pick<TrackedRunRow, 'labels'>): string[] =>
  row.labels === null ? [] : (JSON.parse(row.labels) as string[])

/** Whether the actor may open the run's project too. */
export async function readableProject(ctx: Context, reader: Reader, project: ProjectRow): Promise<boolean> {
  const { owner_id: ownerId, visibility } = project
  const grants = visibility === 'groups' ? await grantsOf(reader, 'project', project.id) : []
  return can(ctx.actor, 'read', { kind: 'project', ownerId, visibility, grants })
}

export function presentTrackedRun(
  ctx: Context,
  row: ListedRun,
  { project, readable, people }: { project: ProjectRow; readable: boolean; people: People },
): RunView {
  return {
    ...resource(ctx, 'tracked-run', row, people),
    project: { id: project.id, workspace: project.workspace, name: project.name, readable },
    runId: row.cuid,
    name: row.name,
    description: row.description ?? '',
    tags: tagsOf(row),
    colour: row.colour ?? 0,
    state: row.state as RunView['state'],
    startedAt: timeOrNull(row.started_at),
    finishedAt: timeOrNull(row.finished_at),
    heartbeatAt: timeOrNull(row.heartbeat_at),
    trainingRunId: row.training_run_id,
    settings: settingsOf(row),
  }
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** A run with all that its script told of itself. */
export async function runDetail(
  ctx: Context,
  reader: Reader,
  row: TrackedRunRow,
  project: ProjectRow,
): Promise<RunDetail> {
  const profile = JSON.parse(row.profile) as Record<string, unknown>
  const readable = await readableProject(ctx, reader, project)
  const people = await usersByIds(reader, [row.owner_id])
  return {
    ...presentTrackedRun(ctx, row, { project, readable, people }),
    settings: settingsOf(row, profile),
    config: plainConfig(profile['config']),
    metadata: profile['metadata'] ?? null,
    requirements: textOrNull(profile['requirements']),
    conda: textOrNull(profile['conda']),
  }
}

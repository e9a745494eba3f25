import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { type AboutResources, aboutResources, hasAccess } from '../auth/index.ts'
import { type Setting, flatSettings, plainConfig } from './flat-settings.ts'
import type { CountedProject, ListedRun } from './tracking-pages.repo.ts'
import type { ProjectRow, TrackedRunRow } from './tracking.repo.ts'

export type ProjectView = RouteReply<'tracking.project'>
export type RunDetail = RouteReply<'tracking.run'>
type RunRow = RouteReply<'tracking.runs'>['items'][number]
type RunView = Omit<RunRow, 'values'>

const time = (ms: number): string => new Date(ms).toISOString()
const timeOrNull = (ms: number | null): string | null => (ms === null ? null : time(ms))

function resource(row: ProjectRow | ListedRun, about: AboutResources) {
  return {
    id: row.id,
    ownerId: row.owner_id,
    ownerName: about.ownerName(row),
    visibility: row.visibility,
    version: row.version,
    createdAt: time(row.created_at),
    updatedAt: time(row.updated_at),
    may: about.may(row),
  }
}

export function presentProject(row: CountedProject, about: AboutResources): ProjectView {
  return {
    ...resource(row, about),
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
  return hasAccess(ctx, reader, 'read', 'project', project)
}

export function presentTrackedRun(
  row: ListedRun,
  { project, readable, about }: { project: ProjectRow; readable: boolean; about: AboutResources },
): RunView {
  return {
    ...resource(row, about),
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
  const about = await aboutResources(reader, ctx.actor, 'tracked-run', [row])
  return {
    ...presentTrackedRun(row, { project, readable, about }),
    settings: settingsOf(row, profile),
    config: plainConfig(profile['config']),
    metadata: profile['metadata'] ?? null,
    requirements: textOrNull(profile['requirements']),
    conda: textOrNull(profile['conda']),
  }
}

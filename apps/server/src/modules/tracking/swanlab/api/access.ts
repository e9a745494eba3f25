import type { Context } from '../../../../platform/context.ts'
import { AppError } from '../../../../platform/errors.ts'
import { type VisibleParams, visibleParams } from '../../../auth/index.ts'
import type { ProjectRow, TrackedRunRow } from '../../tracking.repo.ts'
import { listOf, objectOf, textOf } from '../parse.ts'
import { findProject } from '../projects.ts'
import { visibleRuns } from './api.repo.ts'

/** The training run whose key asks; null for anyone else. */
export function trainingRunOf({ actor }: Context): string | null {
  return actor.kind === 'key' ? actor.trainingRunId : null
}

export const seenBy = (ctx: Context): VisibleParams => visibleParams(ctx.actor)

/** A run of a project that the asker may read; 404 for anyone else. */
export async function runIn(ctx: Context, project: ProjectRow, cuid: string): Promise<TrackedRunRow> {
  const filter = { projectId: project.id, cuids: [cuid], trainingRunId: trainingRunOf(ctx), limit: 1 }
  const [row] = await visibleRuns(ctx.platform.db.read, seenBy(ctx), filter)
  if (!row) throw new AppError('tracking.run-not-found')
  return row
}

export async function runAt(
  ctx: Context,
  where: { workspace: string; project: string; run: string },
): Promise<{ project: ProjectRow; run: TrackedRunRow }> {
  const project = await findProject(ctx, where.workspace, where.project)
  return { project, run: await runIn(ctx, project, where.run) }
}

/** Runs that the asker may read by what the SDK calls them: the id that it gave them, and their project's. */
export async function runsOf(
  ctx: Context,
  references: readonly { projectId: string; experimentId: string }[],
): Promise<Map<string, TrackedRunRow>> {
  const cuids = [...new Set(references.map(({ experimentId }) => experimentId))].slice(0, 1000)
  if (cuids.length === 0) return new Map()
  const filter = { cuids, trainingRunId: trainingRunOf(ctx), limit: 5000 }
  const rows = await visibleRuns(ctx.platform.db.read, seenBy(ctx), filter)
  const found = new Map<string, TrackedRunRow>()
  for (const { projectId, experimentId } of references) {
    const same = rows.filter((row) => row.cuid === experimentId)
    const row = same.find((one) => one.project_id === projectId) ?? (projectId === '' ? same[0] : undefined)
    if (row) found.set(experimentId, row)
  }
  return found
}

/** One run by its id alone, as older SDKs name it. */
export async function runByCuid(ctx: Context, cuid: string, projectId = ''): Promise<TrackedRunRow> {
  const row = (await runsOf(ctx, [{ projectId, experimentId: cuid }])).get(cuid)
  if (!row) throw new AppError('tracking.run-not-found')
  return row
}

export interface ColumnReference {
  projectId: string
  experimentId: string
  /** What heads the column of an export. */
  experimentName: string
  key: string
}

/** `columns` of a query, each with the query's own project where it names none. */
export function columnsOf(body: unknown): ColumnReference[] {
  const given = objectOf(body)
  return listOf(given['columns'])
    .slice(0, 200)
    .map(objectOf)
    .map((column) => ({
      projectId: textOf(column['projectId'], 100) || textOf(given['projectId'], 100),
      experimentId: textOf(column['experimentId'], 100),
      experimentName: textOf(column['experimentName'], 200),
      key: textOf(column['key'], 512),
    }))
    .filter(({ experimentId, key }) => experimentId !== '' && key !== '')
}

/** `experiments` of a query; an older SDK sends the list alone. */
export function experimentsOf(body: unknown): { projectId: string; experimentId: string }[] {
  const list = Array.isArray(body) ? listOf(body) : listOf(objectOf(body)['experiments'])
  return list
    .slice(0, 1000)
    .map(objectOf)
    .map((one) => ({
      projectId: textOf(one['projectId'], 100),
      experimentId: textOf(one['experimentId'], 100),
    }))
    .filter(({ experimentId }) => experimentId !== '')
}

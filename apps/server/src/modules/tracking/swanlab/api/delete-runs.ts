import type { Context } from '../../../../platform/context.ts'
import { AppError } from '../../../../platform/errors.ts'
import { deleteProject } from '../../delete-project.ts'
import { deleteTrackedRun } from '../../delete-tracked-run.ts'
import { listOf, objectOf, textOf } from '../parse.ts'
import { findProject } from '../projects.ts'
import { runIn, trainingRunOf } from './access.ts'

/** A training run's key writes what the run logs, and takes nothing away. */
function refuseRunKey(ctx: Context): void {
  if (trainingRunOf(ctx) !== null) throw new AppError('auth.forbidden')
}

/** Puts runs away, as the page does; each is checked before the first one goes. */
export async function deleteRuns(
  ctx: Context,
  where: { workspace: string; project: string },
  cuids: readonly string[],
): Promise<Record<string, never>> {
  refuseRunKey(ctx)
  const project = await findProject(ctx, where.workspace, where.project)
  const runs = await Promise.all([...new Set(cuids)].map((cuid) => runIn(ctx, project, cuid)))
  for (const run of runs) await deleteTrackedRun(ctx, run.id)
  return {}
}

export function cuidsOf(body: unknown): string[] {
  return listOf(objectOf(body)['cuids'])
    .slice(0, 1000)
    .map((cuid) => textOf(cuid, 100))
}

export async function deleteWholeProject(
  ctx: Context,
  where: { workspace: string; project: string },
): Promise<Record<string, never>> {
  refuseRunKey(ctx)
  await deleteProject(ctx, (await findProject(ctx, where.workspace, where.project)).id)
  return {}
}

import type { Context } from '../../../platform/context.ts'
import { type RedirectReply, redirect } from '../../../platform/http/index.ts'
import { projectByName, runInProject } from '../tracking.repo.ts'

/** The links that an SDK prints: to the page of the training that made the run. The page asks who may see it. */
export async function runPage(
  ctx: Context,
  link: { workspace: string; project: string; run: string },
): Promise<RedirectReply> {
  const { read } = ctx.platform.db
  const row = await read.first(projectByName, { workspace: link.workspace, name: link.project })
  const found = row && (await read.first(runInProject, { project_id: row.id, cuid: link.run }))
  return redirect(found?.training_run_id ? `/training/${found.training_run_id}` : '/training')
}

import type { Context } from '../../../../platform/context.ts'
import { showProject } from '../projects.ts'
import { seenBy, trainingRunOf } from './access.ts'
import { type ProjectFilter, visibleProjects } from './api.repo.ts'
import { paged, pagingOf } from './paging.ts'

/** More than anyone makes in a workspace by hand; the pages of the SDK need to know how many there are. */
const mostProjects = 10_000

const sorts: Readonly<Record<string, ProjectFilter['sort']>> = { name: 'name', createdAt: 'created_at' }

/** A workspace's projects that the asker may read. */
export async function listProjects(ctx: Context, workspace: string, query: URLSearchParams) {
  const paging = pagingOf(query)
  if (trainingRunOf(ctx) !== null) return paged([], 0, paging)
  const rows = await visibleProjects(ctx.platform.db.read, seenBy(ctx), {
    workspace,
    search: (query.get('search') ?? '').toLowerCase(),
    sort: sorts[query.get('sort') ?? ''] ?? 'updated_at',
    limit: mostProjects,
    offset: 0,
  })
  const shown = rows.slice(paging.offset, paging.offset + paging.size)
  const list = await Promise.all(shown.map((row) => showProject(ctx, row)))
  return paged(list, rows.length, paging)
}

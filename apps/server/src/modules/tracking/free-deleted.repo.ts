import { defineQuery } from '../../platform/db/index.ts'

interface Tables {
  tracked_run: { id: string; project_id: string; deleted_at: number | null }
  project: { id: string; deleted_at: number | null }
}

const query = defineQuery<Tables>()

/** Runs that were deleted before a moment, themselves or with their project, page by page. */
export const longDeletedRuns = query<{ before: number; after: string; limit: number }, { id: string }>(
  (k, p) =>
    k
      .selectFrom('tracked_run')
      .innerJoin('project', 'project.id', 'tracked_run.project_id')
      .select('tracked_run.id')
      .where('tracked_run.id', '>', p.after)
      .where((eb) =>
        eb.or([eb('tracked_run.deleted_at', '<', p.before), eb('project.deleted_at', '<', p.before)]),
      )
      .orderBy('tracked_run.id')
      .limit(p.limit),
)

import type { Context } from '../../platform/context.ts'
import { write } from '../../platform/write.ts'
import { enqueueCheck } from './datasets.jobs.ts'
import { setCheckProgress } from './datasets.repo.ts'
import { datasetFor } from './load.ts'
import { type DatasetView, viewOf } from './present.ts'

/** Checks a dataset again; one that is being checked already goes on. */
export async function checkDataset(ctx: Context, id: string): Promise<DatasetView> {
  return write(ctx, async (tx) => {
    const row = await datasetFor(ctx, tx, id, 'edit')
    const { owner_id: ownerId, visibility, version_id: versionId, node_id: nodeId } = row
    tx.audit('dataset.check-started', { kind: 'dataset', id }, { name: row.name })
    await enqueueCheck(ctx, tx, { id, ownerId, versionId, nodeId })
    if (row.state === 'checking') return viewOf(ctx, tx, row)
    await tx.run(setCheckProgress, { version_id: versionId, progress: 0 })
    const data = { state: 'checking', progress: 0 }
    tx.emit({ kind: 'dataset', id, change: 'updated', ownerId, visibility, data })
    return viewOf(ctx, tx, { ...row, ...data })
  })
}

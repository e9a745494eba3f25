import type { Context } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import type { WriteTx } from '../../platform/write.ts'
import { write } from '../../platform/write.ts'
import { folderBytes } from './engine/disk.ts'
import type { SavedModel } from './read-event.ts'
import { checkpointAtStep, insertCheckpoint } from './training.repo.ts'

/** Records what a trainer has saved, each once, together with `more` of the same transaction. */
export async function saveCheckpoints(
  ctx: Context,
  runId: string,
  saved: readonly SavedModel[],
  more: (tx: WriteTx) => Promise<void>,
): Promise<void> {
  const sizes = await Promise.all(saved.map((model) => folderBytes(model.path)))
  await write(
    ctx,
    async (tx) => {
      for (const [index, model] of saved.entries()) {
        const { kind, step } = model
        if (await tx.first(checkpointAtStep, { run_id: runId, kind, step })) continue
        await tx.run(insertCheckpoint, {
          id: newId(),
          run_id: runId,
          kind,
          step,
          form: model.form,
          path: model.path,
          loss: model.loss,
          bytes: sizes[index] ?? null,
          created_at: model.time,
        })
      }
      await more(tx)
    },
    { unaudited: 'the progress of a run, whose start and end are audited' },
  )
}

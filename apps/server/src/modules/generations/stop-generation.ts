import type { Context } from '../../platform/context.ts'
import { write } from '../../platform/write.ts'
import { requestStop } from './generations.repo.ts'
import { readableGeneration } from './readable-generation.ts'
import { registryOf } from './registry.ts'

/** Stops an answer at once; what was received is kept. One that has ended already stays as it is. */
export async function stopGeneration(ctx: Context, id: string): Promise<void> {
  const row = await readableGeneration(ctx, id, 'edit')
  registryOf(ctx.platform).get(id)?.abort.abort('stopped')
  await write(ctx, async (tx) => {
    tx.audit('generation.stopped', { kind: 'generation', id })
    const { changes } = await tx.run(requestStop, { id })
    /* A server that holds the answer elsewhere hears of it by this change. */
    if (changes > 0)
      tx.emit({
        kind: 'generation',
        id,
        change: 'updated',
        ownerId: row.owner_id,
        visibility: 'private',
        data: { stop: true },
      })
  })
}

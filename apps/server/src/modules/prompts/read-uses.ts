import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { usesOf } from '../../platform/uses/index.ts'
import { promptFor } from './load.ts'
import { targetsOf } from './present.ts'

/** Where a prompt is used. */
export async function readUses(ctx: Context, id: string): Promise<RouteReply<'prompts.uses'>> {
  const { read } = ctx.platform.db
  await promptFor(ctx, read, id, 'read')
  const [target] = await targetsOf(read, [id])
  const items = target ? await usesOf(ctx, 'prompt', target) : []
  return {
    items: items.map(({ own, ...item }) => ({
      ...item,
      own: own.map(({ at, ...one }) => ({ ...one, at: new Date(at).toISOString() })),
    })),
  }
}

import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { write } from '../../platform/write.ts'

/** Reads the chain from its first event; what it found is an event of its own. */
export async function verifyAudit(ctx: Context): Promise<RouteReply<'admin.verifyAudit'>> {
  const began = performance.now()
  const { fitting, brokenAt, head } = await ctx.platform.audit.verify()
  const ms = performance.now() - began
  await write(ctx, async (tx) => tx.audit('audit.verified', null, { events: fitting, brokenAt }))
  return { events: fitting, brokenAt, head, ms, checkedAt: new Date(ctx.platform.clock.now()).toISOString() }
}

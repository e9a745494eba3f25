import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { actorUserId } from '../auth/index.ts'
import { byConcern } from './by-concern.ts'
import { checklist, live } from './checklist.ts'
import { gather } from './gather.ts'
import { checklistOf } from './home.repo.ts'
import { needsOf } from './notices.ts'

/** The path to an own model, what trains now, the last conversations, and how the models do. */
export async function getHome(ctx: Context): Promise<RouteReply<'home.get'>> {
  const userId = actorUserId(ctx.actor)
  const [gathered, folded, needs] = await Promise.all([
    gather(ctx, userId),
    ctx.platform.db.read.first(checklistOf, { userId }),
    needsOf(ctx, userId),
  ])
  return {
    checklist: checklist(ctx, gathered),
    dismissed: folded !== undefined,
    needs,
    running: gathered.training
      .filter((run) => live.has(run.state))
      .map(({ id, name, state, step, settings, secondsLeft, loss }) => {
        return { id, name, state, step, steps: settings.steps, secondsLeft, loss }
      }),
    conversations: gathered.conversations.map(({ id, title, modelName, updatedAt }) => {
      return { id, title, modelName, updatedAt }
    }),
    models: byConcern(gathered.models)
      .slice(0, 8)
      .map((model) => {
        const { id, name, provider, health, firstTokenMs, tokensPerSecond } = model
        return { id, name, provider, health, firstTokenMs, tokensPerSecond }
      }),
  }
}

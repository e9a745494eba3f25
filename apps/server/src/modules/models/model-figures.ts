import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { visibleParams } from '../auth/index.ts'
import { callFigures } from '../usage/index.ts'
import { visibleModelIds } from './models.repo.ts'

/** How the models that the actor may see did over the last hours. */
export async function modelFigures(ctx: Context, hours: number): Promise<RouteReply<'models.figures'>> {
  const [figures, visible] = await Promise.all([
    callFigures(ctx.platform, hours),
    ctx.platform.db.read.all(visibleModelIds, visibleParams(ctx.actor)),
  ])
  return {
    items: visible.flatMap(({ id }) => {
      const found = figures.get(id)
      return found ? [{ modelId: id, ...found }] : []
    }),
  }
}

import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import { type Actor, type Platform, perPlatform, systemContext } from '../../platform/context.ts'
import { decodeCursor, toPage } from '../../platform/cursor.ts'
import { Kept } from '../../platform/kept.ts'
import { type Resource, aboutResources, can, grantsOf, mayOf, visibleParams } from '../auth/index.ts'
import { listModelRows } from './models.repo.ts'
import { type ModelView, presentModel } from './present.ts'
import { failureFor } from './withheld.ts'

interface KnownModel {
  resource: Resource
  at: number
  id: string
  view: Omit<ModelView, 'may'>
}

/** An instance with more models than this asks the database for each page. */
const mostKnown = 1000
const everything = { at: Number.MAX_SAFE_INTEGER, id: 'z' }

const kept = perPlatform(
  (platform) => new Kept<KnownModel[] | null>(platform, ['model', 'connection', 'user']),
)

/** Called where something of a model is written that is no change to tell readers of. */
export function forgetKnownModels(platform: Platform): void {
  kept(platform).forget()
}

async function readAll(platform: Platform): Promise<KnownModel[] | null> {
  const { read } = platform.db
  const { actor } = systemContext(platform, 'models')
  const rows = await read.all(listModelRows, {
    ...visibleParams(actor),
    ...everything,
    limit: mostKnown + 1,
  })
  if (rows.length > mostKnown) return null
  const about = await aboutResources(read, actor, 'model', rows)
  return Promise.all(
    rows.map(async (row) => {
      const grants = row.visibility === 'private' ? [] : await grantsOf(read, 'model', row.id)
      const { may: _, ...view } = presentModel(row, actor, about)
      const resource = { kind: 'model' as const, ownerId: row.owner_id, visibility: row.visibility, grants }
      return { resource, at: row.created_at, id: row.id, view }
    }),
  )
}

/** Models are few, change seldom and are asked for with every page: all are kept, and who sees which is judged each time. */
export async function knownModels(platform: Platform): Promise<readonly KnownModel[] | null> {
  return kept(platform).get('', () => readAll(platform))
}

/** A page of the known models that the actor may see, newest first. */
export function pageOfKnown(
  known: readonly KnownModel[],
  actor: Actor,
  query: Pick<RouteHandlerInput<'models.list'>['query'], 'cursor' | 'limit'>,
): RouteReply<'models.list'> {
  const below = decodeCursor(query.cursor)
  const seen: KnownModel[] = []
  for (const model of known) {
    if (model.at > below.at || (model.at === below.at && model.id >= below.id)) continue
    if (!can(actor, 'read', model.resource)) continue
    if (seen.push(model) > query.limit) break
  }
  return toPage(
    seen,
    query.limit,
    ({ at, id }) => ({ at, id }),
    ({ view, resource }) => ({
      ...view,
      lastError: view.lastError && failureFor(actor, view.lastError),
      may: mayOf(actor, resource),
    }),
  )
}

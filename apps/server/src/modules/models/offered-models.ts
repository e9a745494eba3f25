import type { RouteHandlerInput, RouteReply } from '@anneal/contract'
import {
  type CallContext,
  type ListedModel,
  type ModelFacts,
  ProviderError,
  knownFacts,
  providers,
} from '@anneal/providers'
import type { Context } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import { modelsOfConnection } from './models.repo.ts'
import { problemOf } from './problem.ts'
import { type Tried, tried } from './try-connection.ts'

type Offered = RouteReply<'models.offered'>['items'][number]

const listTimeoutMs = 20_000
/** Models that are asked about one by one, and how many at a time. */
const mostDescribed = 60
const describedAtOnce = 6

/** The models that a provider offers, by a stored connection or a draft, with what is known of each. */
export async function offeredModels(
  ctx: Context,
  draft: RouteHandlerInput<'models.offered'>['body'],
): Promise<RouteReply<'models.offered'>> {
  const source = await tried(ctx, draft)
  const { transport } = ctx.platform.outbound
  const call = { transport, signal: AbortSignal.timeout(listTimeoutMs) }
  const listed = await listOf(source, call)
  const described = await describeAll(source, listed, call)
  const rows = draft.connectionId
    ? await ctx.platform.db.read.all(modelsOfConnection, { connection_id: draft.connectionId })
    : []
  const added = new Set(rows.filter((row) => row.deleted_at === null).map((row) => row.provider_model))
  return { items: listed.map((model) => present(model, described.get(model.id) ?? {}, added)) }
}

async function listOf({ kind, connection }: Tried, call: CallContext): Promise<ListedModel[]> {
  try {
    return await providers[kind].listModels(connection, call)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    if (error.status === 404 || error.status === 405 || error.status === 501) return []
    throw new AppError(error.code, problemOf(error).params, { cause: error })
  }
}

/** What the provider says of each model apart from its list. Without an answer it is offered all the same. */
async function describeAll(
  { kind, connection }: Tried,
  listed: readonly ListedModel[],
  call: CallContext,
): Promise<Map<string, ModelFacts>> {
  const found = new Map<string, ModelFacts>()
  const { describe } = providers[kind]
  if (!describe) return found
  const waiting = listed.slice(0, mostDescribed).map((model) => model.id)
  const worker = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const facts = await describe(connection, id, call).catch(() => null)
      if (facts) found.set(id, facts)
    }
  }
  await Promise.all(Array.from({ length: describedAtOnce }, worker))
  return found
}

/** The provider's own words count before what is published of a model. */
function present(model: ListedModel, described: ModelFacts, added: ReadonlySet<string>): Offered {
  const facts = { ...knownFacts(model.id), ...model, ...described }
  return {
    id: model.id,
    kind: facts.kind ?? 'chat',
    contextWindow: facts.contextWindow ?? null,
    maxOutput: facts.maxOutput ?? null,
    capabilities: { reasoning: null, tools: null, vision: null, json: null, ...facts.capabilities },
    price: facts.price ?? null,
    added: added.has(model.id),
  }
}

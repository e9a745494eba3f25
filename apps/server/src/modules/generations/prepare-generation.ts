import type { Visibility } from '@anneal/contract'
import type { ChatMessage, ChatParameters, ResponseFormat, Tool, ToolChoice } from '@anneal/providers'
import type { Context, Platform } from '../../platform/context.ts'
import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { actorUserId } from '../auth/index.ts'
import type { CallableModel } from '../models/index.ts'
import type { CallVia } from '../usage/index.ts'
import { drive } from './drive.ts'
import { insertGenerationRow } from './generations.repo.ts'
import { LiveGeneration } from './live-generation.ts'
import { emptyMeter } from './meter.ts'
import { type Registry, registryOf } from './registry.ts'

export interface GenerationRequest {
  model: CallableModel
  /** The whole of what the model gets, a system message included. */
  messages: ChatMessage[]
  /** On top of the model's own defaults. */
  parameters: ChatParameters
  /** The version of a prompt that the system message was made from. */
  promptVersionId: string | null
  tools?: Tool[]
  toolChoice?: ToolChoice
  responseFormat?: ResponseFormat
  /** What the product has no name for: for providers that speak OpenAI's wire. */
  extra?: Record<string, unknown>
  via: CallVia
  visibility: Visibility
  /** What the answer belongs to: only one runs for a subject at a time. */
  subjectId: string | null
  /** Whether the text outlives the run. */
  save: boolean
  /** `stop`: the answer ends when its last reader has gone. */
  onReaderGone: 'keep' | 'stop'
}

export interface PreparedGeneration {
  readonly id: string
  readonly modelName: string
  /** Stores that it runs, within the caller's transaction. A subject that has one running already: UniqueViolation. */
  insert(tx: Tx): Promise<void>
  /** Starts the call; to be used once the transaction is committed. Its state is in the database from then on. */
  run(): void
}

const mostAtOnce = 5000

/**
 * The answers in the making, if one more may join them.
 * @throws AppError `platform.stopping`, `generations.too-many`.
 */
export function registryWithRoom(platform: Platform): Registry {
  const registry = registryOf(platform)
  if (registry.stopping) throw new AppError('platform.stopping')
  if (registry.size >= mostAtOnce) throw new AppError('generations.too-many')
  return registry
}

/** Makes an answer ready to run. Nothing is called and nothing stored before the caller says so. */
export function prepareGeneration(ctx: Context, request: GenerationRequest): PreparedGeneration {
  const { platform } = ctx
  const registry = registryWithRoom(platform)
  const ownerId = actorUserId(ctx.actor)
  const id = newId()
  const startedAt = platform.clock.now()
  return {
    id,
    modelName: request.model.name,
    insert: async (tx) => {
      await tx.run(insertGenerationRow, {
        id,
        owner_id: ownerId,
        visibility: request.visibility,
        via: request.via,
        subject_id: request.subjectId,
        running_key: request.subjectId,
        node_id: platform.nodes.self.id,
        model_id: request.model.id,
        connection_id: request.model.connectionId,
        key_id: ctx.actor.kind === 'key' ? ctx.actor.keyId : null,
        model_name: request.model.name,
        parameters: JSON.stringify({ ...request.model.parameters, ...request.parameters }),
        prompt_version_id: request.promptVersionId,
        meter: JSON.stringify(emptyMeter),
        saved: request.save ? 1 : 0,
        started_at: startedAt,
      })
    },
    run: () => {
      const live = new LiveGeneration({
        id,
        ownerId,
        visibility: request.visibility,
        startedAt,
        saved: request.save,
        stopWhenLeft: request.onReaderGone === 'stop',
      })
      registry.add(live)
      void drive(platform, live, request, {
        userId: ownerId,
        keyId: ctx.actor.kind === 'key' ? ctx.actor.keyId : null,
      })
    },
  }
}

import type { Context } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { actorUserId } from '../auth/index.ts'
import { drive } from './drive.ts'
import { LiveGeneration } from './live-generation.ts'
import { type GenerationRequest, registryWithRoom } from './prepare-generation.ts'

export type DirectRequest = Omit<GenerationRequest, 'visibility' | 'subjectId' | 'save' | 'onReaderGone'>

/**
 * Calls a model for someone who waits at the wire. Nothing is written before the end, and then one row of the ledger,
 * together with those of other calls. It ends when its last reader leaves.
 * @throws AppError `platform.stopping`, `generations.too-many`.
 */
export function callModel(ctx: Context, request: DirectRequest): LiveGeneration {
  const { platform, actor } = ctx
  const registry = registryWithRoom(platform)
  const userId = actorUserId(actor)
  const live = new LiveGeneration({
    id: newId(),
    ownerId: userId,
    visibility: 'private',
    startedAt: platform.clock.now(),
    saved: false,
    stopWhenLeft: true,
    direct: true,
  })
  registry.add(live)
  void drive(
    platform,
    live,
    { ...request, visibility: 'private', subjectId: null, save: false, onReaderGone: 'stop' },
    { userId, keyId: actor.kind === 'key' ? actor.keyId : null },
  )
  return live
}

import { type Platform, perPlatform } from '../../platform/context.ts'
import type { Module } from '../../platform/http/index.ts'
import { openGenerationTopic } from './follow-generation.ts'
import { ledgerBatch } from './ledger-batch.ts'
import { generationsMigrations } from './generations.migrations.ts'
import { generationsRoutes } from './generations.routes.ts'
import { generationsSettings } from './generations.settings.ts'
import { recoverGenerations } from './recover.ts'
import './prompt-uses.ts'
import { registryOf } from './registry.ts'

export { onGenerationRead } from './readable-generation.ts'
export { stopGeneration } from './stop-generation.ts'
export { onGenerationEnd } from './end-generation.ts'
export type { EndedGeneration } from './end-generation.ts'
export { copyGenerations } from './copy-generations.ts'
export { meterOf } from './meter.ts'
export { callModel } from './call-model.ts'
export type { DirectRequest } from './call-model.ts'
export type { LiveGeneration, Reader } from './live-generation.ts'
export { ledgerBatch } from './ledger-batch.ts'
export type { Meter } from './meter.ts'
export { prepareGeneration } from './prepare-generation.ts'
export type { GenerationRequest, PreparedGeneration } from './prepare-generation.ts'
export { answerMessage } from './answer-message.ts'
export { liveGeneration } from './live-view.ts'
export type { GenerationRow } from './generations.repo.ts'
export type { StoredPart } from './parts-builder.ts'

/** Seconds that answers get to end by themselves when the server goes down. */
const graceMs = 10_000

/** How often answers of servers that are gone are looked for. */
const goneEveryMs = 20_000

const watching = perPlatform<{ timer?: NodeJS.Timeout }>(() => ({}))

/** A server that never comes back leaves answers that run for ever: whoever sees its silence ends them. */
async function endForGone(platform: Platform): Promise<void> {
  try {
    for (const node of await platform.nodes.gone()) await recoverGenerations(platform, node.id)
  } catch (error) {
    platform.log.warn('answers of servers that are gone could not be ended', { error })
  }
}

export const generationsModule: Module = {
  name: 'generations',
  migrations: generationsMigrations,
  settings: generationsSettings,
  routes: generationsRoutes,
  async start(platform) {
    platform.events.topics.register('generation', { open: openGenerationTopic })
    await recoverGenerations(platform, platform.nodes.self.id)
    if (platform.db.dialect !== 'sqlite') {
      watching(platform).timer = setInterval(() => void endForGone(platform), goneEveryMs)
    }
    /* A stop that was asked for on another server. */
    platform.events.onChange('generation', (change) => {
      if (change.data?.['stop']) registryOf(platform).get(change.id)?.abort.abort('stopped')
    })
  },
  async stop(platform) {
    clearInterval(watching(platform).timer)
    const registry = registryOf(platform)
    registry.stopping = true
    await registry.untilIdle(graceMs)
    for (const live of registry.runningNow()) live.abort.abort('interrupted')
    await registry.untilIdle(2000)
    await ledgerBatch(platform).flush()
  },
}

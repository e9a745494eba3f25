import type { Module } from '../../platform/http/index.ts'
import { openGenerationTopic } from './follow-generation.ts'
import { generationsMigrations } from './generations.migrations.ts'
import { generationsRoutes } from './generations.routes.ts'
import { generationsSettings } from './generations.settings.ts'
import { recoverGenerations } from './recover.ts'
import { registryOf } from './registry.ts'

export { stopGeneration } from './stop-generation.ts'
export { onGenerationEnd } from './end-generation.ts'
export type { EndedGeneration } from './end-generation.ts'
export { prepareGeneration } from './prepare-generation.ts'
export type { GenerationRequest, PreparedGeneration } from './prepare-generation.ts'
export { liveGeneration } from './live-view.ts'
export type { GenerationRow } from './generations.repo.ts'
export type { StoredPart } from './parts-builder.ts'

/** Seconds that answers get to end by themselves when the server goes down. */
const graceMs = 10_000

export const generationsModule: Module = {
  name: 'generations',
  migrations: generationsMigrations,
  settings: generationsSettings,
  routes: generationsRoutes,
  async start(platform) {
    platform.events.topics.register('generation', { open: openGenerationTopic })
    await recoverGenerations(platform, platform.nodes.self.id)
    /* A stop that was asked for on another server. */
    platform.events.onChange('generation', (change) => {
      if (change.data?.['stop']) registryOf(platform).get(change.id)?.abort.abort('stopped')
    })
  },
  async stop(platform) {
    const registry = registryOf(platform)
    registry.stopping = true
    await registry.untilIdle(graceMs)
    for (const live of registry.runningNow()) live.abort.abort('interrupted')
    await registry.untilIdle(2000)
  },
}

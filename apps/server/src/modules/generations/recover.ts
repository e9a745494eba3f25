import type { Platform } from '../../platform/context.ts'
import type { CallVia } from '../usage/index.ts'
import { storeEnd } from './end-generation.ts'
import { type GenerationRow, runningOnNode } from './generations.repo.ts'
import { partsOf, presentStored } from './read-generation.ts'
import { registryOf } from './registry.ts'

/** Answers that a killed server left behind on this node: what was received is kept, marked as interrupted. */
export async function recoverGenerations(platform: Platform, nodeId: string): Promise<number> {
  const rows = await platform.db.read.all(runningOnNode, { node_id: nodeId })
  let recovered = 0
  for (const row of rows) {
    if (registryOf(platform).get(row.id)) continue
    await interrupt(platform, row)
    recovered += 1
  }
  return recovered
}

async function interrupt(platform: Platform, row: GenerationRow): Promise<void> {
  const { parts, seq } = await partsOf(platform.db.read, row)
  const stored = presentStored(row)
  await storeEnd(
    platform,
    {
      id: row.id,
      startedAt: row.started_at,
      endedAt: platform.clock.now(),
      state: 'interrupted',
      parts: row.saved === 1 ? parts : null,
      seq,
      meter: stored.meter,
      warnings: stored.warnings,
      finishReason: null,
      error: { code: 'generations.interrupted', params: {} },
    },
    {
      userId: row.owner_id,
      keyId: row.key_id,
      modelId: row.model_id,
      connectionId: row.connection_id,
      modelName: row.model_name,
      via: row.via as CallVia,
      subjectId: row.subject_id,
      promptVersionId: row.prompt_version_id,
    },
  )
}

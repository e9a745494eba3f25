import type { RouteReply, StreamEvent } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import type { Reader } from '../../platform/db/index.ts'
import { type GenerationRow, chunksAfter } from './generations.repo.ts'
import type { LiveGeneration } from './live-generation.ts'
import { meterOf } from './meter.ts'
import { PartsBuilder, type StoredPart } from './parts-builder.ts'
import { readableGeneration } from './readable-generation.ts'
import { registryOf } from './registry.ts'

export type GenerationView = RouteReply<'generations.get'>

/** An answer as it stands: from memory while it runs here, else from the database. */
export async function getGeneration(ctx: Context, id: string): Promise<GenerationView> {
  const row = await readableGeneration(ctx, id)
  return presentGeneration(
    row,
    liveOf(ctx, id),
    await partsOf(ctx.platform.db.read, row),
    ctx.platform.clock.now(),
  )
}

/** The answer in memory, and whether it still runs: it does until its end is stored, for only then may the next begin. */
function liveOf(ctx: Context, id: string) {
  const registry = registryOf(ctx.platform)
  const live = registry.get(id)
  return live && { live, runs: registry.isRunning(live) }
}

function presentGeneration(
  row: GenerationRow,
  inMemory: { live: LiveGeneration; runs: boolean } | undefined,
  stored: { parts: StoredPart[]; seq: number },
  now: number,
): GenerationView {
  const common = {
    id: row.id,
    modelId: row.model_id,
    modelName: row.model_name,
    startedAt: new Date(row.started_at).toISOString(),
  }
  if (inMemory) {
    const { live, runs } = inMemory
    live.flush()
    return {
      ...common,
      state: runs ? 'running' : live.state,
      parts: live.parts(),
      seq: live.seq,
      meter: live.meter(now),
      finishReason: live.finishReason,
      error: runs ? null : live.error,
      warnings: live.warnings,
      endedAt: runs || live.endedAt === null ? null : new Date(live.endedAt).toISOString(),
    }
  }
  return { ...common, ...presentStored(row), parts: stored.parts, seq: stored.seq }
}

/** What a row says of an answer beside its parts, in the contract's shape. */
export function presentStored(row: GenerationRow) {
  return {
    state: row.state as GenerationView['state'],
    meter: meterOf(row.meter),
    finishReason: row.finish_reason,
    error: row.error === null ? null : (JSON.parse(row.error) as GenerationView['error']),
    warnings: JSON.parse(row.warnings) as GenerationView['warnings'],
    endedAt: row.ended_at === null ? null : new Date(row.ended_at).toISOString(),
  }
}

/** Parts of a row; of one that has not been folded yet, from its chunks. */
export async function partsOf(
  reader: Reader,
  row: Pick<GenerationRow, 'id' | 'parts' | 'seq' | 'state' | 'started_at'>,
): Promise<{ parts: StoredPart[]; seq: number; finishReason: string | null }> {
  if (row.parts !== null)
    return { parts: JSON.parse(row.parts) as StoredPart[], seq: row.seq, finishReason: null }
  const builder = new PartsBuilder()
  let seq = row.seq
  let finishReason: string | null = null
  for (const chunk of await reader.all(chunksAfter, { generation_id: row.id, after: 0 })) {
    for (const event of JSON.parse(chunk.events) as StreamEvent[]) {
      builder.add(event, row.started_at)
      if (event.type === 'finish') finishReason = event.reason
    }
    seq = chunk.last_seq
  }
  return { parts: builder.parts(), seq, finishReason }
}

import type { Visibility } from '@anneal/contract'
import { type Platform, perPlatform, systemContext } from '../../platform/context.ts'
import { write } from '../../platform/write.ts'
import { modelById, noteHealth } from './models.repo.ts'

export interface CallNote {
  modelId: string
  /** Null for a call that went well. */
  error: { code: string; params: Record<string, string | number> } | null
  firstTokenMs: number | null
  tokensPerSecond: number | null
}

/** A model that answers well all day is written down this often. */
const quietMs = 10_000
const noted = perPlatform(() => new Map<string, { at: number; ok: boolean }>())

/** Keeps what a call showed of a model's health. A change from good to bad or back is written at once. */
export function noteCall(platform: Platform, note: CallNote): void {
  const now = platform.clock.now()
  const ok = note.error === null
  const last = noted(platform).get(note.modelId)
  if (last && last.ok === ok && ok && now - last.at < quietMs) return
  noted(platform).set(note.modelId, { at: now, ok })
  store(platform, note, now, last?.ok !== ok).catch((error: unknown) => {
    platform.log.warn("a model's health could not be stored", { error, model: note.modelId })
  })
}

async function store(platform: Platform, note: CallNote, now: number, changed: boolean): Promise<void> {
  await write(
    systemContext(platform, 'models'),
    async (tx) => {
      const row = await tx.first(modelById, { id: note.modelId })
      if (!row) return
      await tx.run(noteHealth, {
        id: note.modelId,
        last_ok_at: note.error ? row.last_ok_at : now,
        last_error: note.error ? JSON.stringify(note.error) : row.last_error,
        last_error_at: note.error ? now : row.last_error_at,
        first_token_ms: note.firstTokenMs ?? row.first_token_ms,
        tokens_per_second: note.tokensPerSecond ?? row.tokens_per_second,
      })
      if (!changed) return
      const visibility: Visibility = row.visibility
      tx.emit({ kind: 'model', id: row.id, change: 'updated', ownerId: row.owner_id, visibility })
    },
    { unaudited: 'an observation, not a change that somebody made' },
  )
}

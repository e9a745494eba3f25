import { type Platform, perPlatform, systemContext } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { type WriteTx, write } from '../../platform/write.ts'
import { deleteFailuresBefore, failuresOfModel, insertFailure, keptFailures } from './failures.repo.ts'
import { forgetKnownModels } from './known-models.ts'
import { modelById, noteHealth } from './models.repo.ts'
import type { ModelWithConnection } from './models.tables.ts'
import { healthOf } from './present.ts'
import type { Problem } from './problem.ts'

export interface CallNote {
  modelId: string
  /** Null for a call that went well. */
  error: Problem | null
  firstTokenMs: number | null
  tokensPerSecond: number | null
}

/** A model that answered and now fails. */
export interface FailingModel {
  id: string
  name: string
  connectionName: string
  ownerId: string
  error: Problem
}

type FailingListener = (tx: WriteTx, model: FailingModel) => Promise<void>
const failingListeners: FailingListener[] = []

/** Lets a module take part in the transaction that writes down that a model has begun to fail. */
export function onModelFailing(listener: FailingListener): void {
  failingListeners.push(listener)
}

/** A model that answers well all day is written down this often. */
const quietMs = 10_000
/** And one that fails again and again this often. */
const quietFailureMs = 500
const noted = perPlatform(() => new Map<string, { at: number; ok: boolean }>())

/** Keeps what a call showed of a model's health. A change from good to bad or back is written at once. */
export function noteCall(platform: Platform, note: CallNote): void {
  const now = platform.clock.now()
  const ok = note.error === null
  const last = noted(platform).get(note.modelId)
  if (last && last.ok === ok && now - last.at < (ok ? quietMs : quietFailureMs)) return
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
      const seen = {
        last_ok_at: note.error ? row.last_ok_at : now,
        last_error: note.error ? JSON.stringify(note.error) : row.last_error,
        last_error_at: note.error ? now : row.last_error_at,
        first_token_ms: note.firstTokenMs ?? row.first_token_ms,
        tokens_per_second: note.tokensPerSecond ?? row.tokens_per_second,
      }
      await tx.run(noteHealth, { id: note.modelId, ...seen })
      tx.afterCommit(() => forgetKnownModels(platform))
      if (note.error) await keepFailure(tx, row, note.error, now)
      if (!changed && !note.error) return
      const before = healthOf(row)
      const health = healthOf({ ...row, ...seen })
      tx.emit({
        kind: 'model',
        id: row.id,
        change: 'updated',
        ownerId: row.owner_id,
        visibility: row.visibility,
        data: { health },
      })
      const turned = (before === 'failing') !== (health === 'failing')
      if (turned && note.error) await tellFailing(tx, row, note.error)
    },
    { unaudited: 'an observation, not a change that somebody made' },
  )
}

async function tellFailing(tx: WriteTx, row: ModelWithConnection, error: Problem): Promise<void> {
  const model = {
    id: row.id,
    name: row.name,
    connectionName: row.connection_name,
    ownerId: row.owner_id,
    error,
  }
  for (const listener of failingListeners) await listener(tx, model)
}

/** Keeps the last failures of a model, and no more. */
async function keepFailure(
  tx: WriteTx,
  row: ModelWithConnection,
  error: Problem,
  now: number,
): Promise<void> {
  await tx.run(insertFailure, {
    id: newId(),
    model_id: row.id,
    connection_id: row.connection_id,
    code: error.code,
    params: JSON.stringify(error.params),
    failed_at: now,
  })
  const kept = await tx.all(failuresOfModel, { model_id: row.id, limit: keptFailures })
  const oldest = kept.at(-1)
  if (kept.length < keptFailures || !oldest) return
  await tx.run(deleteFailuresBefore, { model_id: row.id, failed_at: oldest.failed_at })
}

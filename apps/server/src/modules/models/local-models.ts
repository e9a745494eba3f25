import type { RouteReply } from '@anneal/contract'
import { deleteLocalModel as deleteAtProvider, listLocalModels as listAtProvider } from '@anneal/providers'
import type { Context } from '../../platform/context.ts'
import { write } from '../../platform/write.ts'
import { providerConnection } from './callable-model.ts'
import { modelsOfConnection } from './models.repo.ts'
import { inWords, ollamaConnectionFor } from './ollama-connection.ts'

const listTimeoutMs = 20_000
const deleteTimeoutMs = 60_000

/** What lies on an Ollama server, by name. */
export async function listLocalModels(
  ctx: Context,
  connectionId: string,
): Promise<RouteReply<'models.localModels'>> {
  const { read } = ctx.platform.db
  const row = await ollamaConnectionFor(ctx, read, connectionId, 'use')
  const signal = AbortSignal.timeout(listTimeoutMs)
  const { transport } = ctx.platform.outbound
  const local = await inWords(listAtProvider(providerConnection(ctx, row), { transport, signal }))
  const models = await read.all(modelsOfConnection, { connection_id: row.id })
  const ids = new Map(
    models.filter((model) => model.deleted_at === null).map((model) => [model.provider_model, model.id]),
  )
  return {
    items: local
      .map((model) => ({
        name: model.name,
        sizeBytes: model.sizeBytes ?? null,
        parameterSize: model.parameterSize ?? null,
        quantization: model.quantization ?? null,
        changedAt: timeOf(model.changedAt),
        modelId: ids.get(model.name) ?? ids.get(model.name.replace(/:latest$/, '')) ?? null,
      }))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
  }
}

function timeOf(text: string | undefined): string | null {
  const at = Date.parse(text ?? '')
  return Number.isNaN(at) ? null : new Date(at).toISOString()
}

/** Deletes a model from an Ollama server. It cannot be undone, but it can be brought again. */
export async function deleteLocalModel(ctx: Context, connectionId: string, name: string): Promise<void> {
  const row = await ollamaConnectionFor(ctx, ctx.platform.db.read, connectionId, 'manage')
  const signal = AbortSignal.timeout(deleteTimeoutMs)
  const { transport } = ctx.platform.outbound
  await inWords(deleteAtProvider(providerConnection(ctx, row), name, { transport, signal }))
  await write(ctx, async (tx) => {
    tx.audit('connection.local-model-deleted', { kind: 'connection', id: row.id }, { name })
    tx.emit({
      kind: 'connection',
      id: row.id,
      change: 'updated',
      ownerId: row.owner_id,
      visibility: row.visibility,
    })
  })
}

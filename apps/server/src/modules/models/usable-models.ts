import type { Context } from '../../platform/context.ts'
import { hasAccess, visibleParams } from '../auth/index.ts'
import { listModelRows } from './models.repo.ts'

export interface UsableModel {
  id: string
  name: string
  kind: 'chat' | 'embedding'
  connectionName: string
  createdAt: number
}

const mostListed = 5000

/** Every model that the actor may call now, newest first. */
export async function usableModels(ctx: Context): Promise<UsableModel[]> {
  const { read } = ctx.platform.db
  const rows = await read.all(listModelRows, {
    ...visibleParams(ctx.actor),
    at: Number.MAX_SAFE_INTEGER,
    id: '~',
    limit: mostListed,
  })
  const usable: UsableModel[] = []
  for (const row of rows) {
    if (row.is_off === 1 || row.is_disabled === 1) continue
    if (!(await hasAccess(ctx, read, 'use', 'model', row))) continue
    usable.push({
      id: row.id,
      name: row.name,
      kind: row.kind === 'embedding' ? 'embedding' : 'chat',
      connectionName: row.connection_name,
      createdAt: row.created_at,
    })
  }
  return usable
}

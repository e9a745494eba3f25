import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { type Reader, fromJson } from '../../platform/db/index.ts'
import { mayOf, usersByIds } from '../auth/index.ts'
import type { FullDataset } from './datasets.repo.ts'

export type DatasetView = RouteReply<'datasets.get'>
type Owners = ReadonlyMap<string, { name: string }>

const time = (ms: number): string => new Date(ms).toISOString()

export function presentDataset(ctx: Context, row: FullDataset, owners: Owners): DatasetView {
  return {
    id: row.id,
    ownerId: row.owner_id,
    ownerName: owners.get(row.owner_id)?.name ?? '',
    visibility: row.visibility,
    version: row.version,
    createdAt: time(row.created_at),
    updatedAt: time(row.updated_at),
    may: mayOf(ctx.actor, { kind: 'dataset', ownerId: row.owner_id, visibility: row.visibility }),
    name: row.name,
    state: row.state as DatasetView['state'],
    progress: row.progress,
    error: row.error === null ? null : fromJson<NonNullable<DatasetView['error']>>(row.error),
    format: row.format as DatasetView['format'],
    bytes: Number(row.bytes),
    rows: Number(row.row_count),
    badRows: Number(row.bad_count),
    reasons: fromJson<DatasetView['reasons']>(row.reasons),
    checkedAt: row.checked_at === null ? null : time(row.checked_at),
    versionId: row.version_id,
    versionNumber: row.number,
    sample: row.is_sample === 1,
  }
}

/** One dataset with its owner's name. */
export async function viewOf(ctx: Context, reader: Reader, row: FullDataset): Promise<DatasetView> {
  return presentDataset(ctx, row, await usersByIds(reader, [row.owner_id]))
}

import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { type Reader, fromJson } from '../../platform/db/index.ts'
import { type AboutResources, aboutResources } from '../auth/index.ts'
import type { FullDataset } from './datasets.repo.ts'

export type DatasetView = RouteReply<'datasets.get'>

const time = (ms: number): string => new Date(ms).toISOString()

export function presentDataset(row: FullDataset, about: AboutResources): DatasetView {
  return {
    id: row.id,
    ownerId: row.owner_id,
    ownerName: about.ownerName(row),
    visibility: row.visibility,
    version: row.version,
    createdAt: time(row.created_at),
    updatedAt: time(row.updated_at),
    may: about.may(row),
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
  return presentDataset(row, await aboutResources(reader, ctx.actor, 'dataset', [row]))
}

import type { RouteReply } from '@anneal/contract'
import type { Context } from '../../platform/context.ts'
import { type Reader, fromJson } from '../../platform/db/index.ts'
import { type UseTarget, countUses } from '../../platform/uses/index.ts'
import { aboutResources, usersByIds } from '../auth/index.ts'
import type { PromptRow, VersionRow } from './prompts.tables.ts'
import { type VersionHead, labelsOf, versionKeysOf } from './versions.repo.ts'

export type PromptView = RouteReply<'prompts.get'>
export type VersionView = RouteReply<'prompts.version'>
export type VersionSummaryView = RouteReply<'prompts.versions'>['items'][number]
type Label = PromptView['labels'][number]['label']

const time = (ms: number): string => new Date(ms).toISOString()

/** Prompts as what looks after their uses knows them. */
export async function targetsOf(reader: Reader, ids: readonly string[]): Promise<UseTarget[]> {
  const versions = new Map(ids.map((id) => [id, new Map<string, number>()]))
  for (const key of await versionKeysOf(reader, ids)) versions.get(key.prompt_id)?.set(key.id, key.number)
  return [...versions].map(([id, numbers]) => ({ id, versions: numbers }))
}

/** Prompts with their owners' names, their labels and how often they are used. */
export async function viewsOf(
  ctx: Context,
  reader: Reader,
  rows: readonly PromptRow[],
): Promise<PromptView[]> {
  const ids = rows.map((row) => row.id)
  const about = await aboutResources(reader, ctx.actor, 'prompt', rows)
  const labels = await labelsOf(reader, ids)
  const uses = await countUses(ctx, 'prompt', await targetsOf(reader, ids))
  return rows.map((row) => ({
    id: row.id,
    ownerId: row.owner_id,
    ownerName: about.ownerName(row),
    visibility: row.visibility,
    version: row.version,
    createdAt: time(row.created_at),
    updatedAt: time(row.updated_at),
    may: about.may(row),
    name: row.name,
    description: row.description,
    folder: row.folder,
    newest: row.newest,
    labels: labels
      .filter((label) => label.prompt_id === row.id)
      .map(({ label, number, moved_at: at }) => ({
        label: label as Label,
        version: number,
        movedAt: time(at),
      })),
    uses: uses.get(row.id) ?? [],
  }))
}

/** Versions with their authors' names and the labels on them. */
export async function versionSummaries(
  reader: Reader,
  promptId: string,
  rows: readonly VersionHead[],
): Promise<VersionSummaryView[]> {
  const authors = await usersByIds(
    reader,
    rows.map((row) => row.author_id),
  )
  const labels = await labelsOf(reader, [promptId])
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    message: row.message,
    authorId: row.author_id,
    authorName: authors.get(row.author_id)?.name ?? '',
    createdAt: time(row.created_at),
    archivedAt: row.archived_at === null ? null : time(row.archived_at),
    labels: labels.filter((label) => label.number === row.number).map((label) => label.label as Label),
  }))
}

export async function versionView(reader: Reader, row: VersionRow): Promise<VersionView> {
  const [summary] = await versionSummaries(reader, row.prompt_id, [row])
  const { text, variables } = row
  return { ...(summary as VersionSummaryView), text, variables: variablesOf({ variables }) }
}

export function variablesOf(row: Pick<VersionRow, 'variables'>): VersionView['variables'] {
  return fromJson<VersionView['variables']>(row.variables)
}

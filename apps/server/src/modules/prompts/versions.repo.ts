import { type Reader, defineQuery } from '../../platform/db/index.ts'
import type { LabelMoveRow, LabelRow, PromptTables, VersionRow } from './prompts.tables.ts'

const query = defineQuery<PromptTables>()

export type VersionHead = Omit<VersionRow, 'text' | 'variables'>
const head = ['id', 'prompt_id', 'number', 'message', 'author_id', 'created_at', 'archived_at'] as const

/** Newest first, below a number. */
export const versionsBelow = query<{ prompt_id: string; below: number; limit: number }, VersionHead>((k, p) =>
  k
    .selectFrom('prompt_version')
    .select(head)
    .where('prompt_id', '=', p.prompt_id)
    .where('number', '<', p.below)
    .orderBy('number', 'desc')
    .limit(p.limit),
)

export const versionByNumber = query<{ prompt_id: string; number: number }, VersionRow>((k, p) =>
  k
    .selectFrom('prompt_version')
    .selectAll()
    .where('prompt_id', '=', p.prompt_id)
    .where('number', '=', p.number),
)

export const insertVersionRow = query<VersionRow, unknown>((k, p) =>
  k.insertInto('prompt_version').values({
    id: p.id,
    prompt_id: p.prompt_id,
    number: p.number,
    text: p.text,
    variables: p.variables,
    message: p.message,
    author_id: p.author_id,
    created_at: p.created_at,
    archived_at: p.archived_at,
  }),
)

export const setArchived = query<{ id: string; archived_at: number | null }, unknown>((k, p) =>
  k.updateTable('prompt_version').set({ archived_at: p.archived_at }).where('id', '=', p.id),
)

export type VersionKey = Pick<VersionRow, 'id' | 'prompt_id' | 'number'>

/** Which versions some prompts have. */
export async function versionKeysOf(reader: Reader, promptIds: readonly string[]): Promise<VersionKey[]> {
  if (promptIds.length === 0) return []
  return reader.dynamic<PromptTables, VersionKey>((k) =>
    k.selectFrom('prompt_version').select(['id', 'prompt_id', 'number']).where('prompt_id', 'in', promptIds),
  )
}

/** Versions by id with their prompts' names; of deleted prompts too. */
export async function namedVersions(
  reader: Reader,
  ids: readonly string[],
): Promise<(VersionKey & { name: string })[]> {
  if (ids.length === 0) return []
  return reader.dynamic<PromptTables, VersionKey & { name: string }>((k) =>
    k
      .selectFrom('prompt_version')
      .innerJoin('prompt', 'prompt.id', 'prompt_version.prompt_id')
      .select(['prompt_version.id', 'prompt_version.prompt_id', 'prompt_version.number', 'prompt.name'])
      .where('prompt_version.id', 'in', ids),
  )
}

export const labelOf = query<{ prompt_id: string; label: string }, LabelRow>((k, p) =>
  k.selectFrom('prompt_label').selectAll().where('prompt_id', '=', p.prompt_id).where('label', '=', p.label),
)

export async function labelsOf(reader: Reader, promptIds: readonly string[]): Promise<LabelRow[]> {
  if (promptIds.length === 0) return []
  return reader.dynamic<PromptTables, LabelRow>((k) =>
    k.selectFrom('prompt_label').selectAll().where('prompt_id', 'in', promptIds).orderBy('label'),
  )
}

export const insertLabelRow = query<LabelRow, unknown>((k, p) =>
  k
    .insertInto('prompt_label')
    .values({ prompt_id: p.prompt_id, label: p.label, number: p.number, moved_at: p.moved_at }),
)

export const updateLabelRow = query<LabelRow, unknown>((k, p) =>
  k
    .updateTable('prompt_label')
    .set({ number: p.number, moved_at: p.moved_at })
    .where('prompt_id', '=', p.prompt_id)
    .where('label', '=', p.label),
)

export const insertLabelMove = query<LabelMoveRow, unknown>((k, p) =>
  k.insertInto('prompt_label_move').values({
    id: p.id,
    prompt_id: p.prompt_id,
    label: p.label,
    from_number: p.from_number,
    to_number: p.to_number,
    reason: p.reason,
    moved_by: p.moved_by,
    created_at: p.created_at,
  }),
)

export const labelMovesBelow = query<
  { prompt_id: string; label: string; at: number; id: string; limit: number },
  LabelMoveRow
>((k, p) =>
  k
    .selectFrom('prompt_label_move')
    .selectAll()
    .where('prompt_id', '=', p.prompt_id)
    .where('label', '=', p.label)
    .where('created_at', '<=', p.at)
    .where((eb) => eb.or([eb('created_at', '<', p.at), eb('id', '<', p.id)]))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(p.limit),
)

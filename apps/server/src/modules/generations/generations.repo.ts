import { type Reader, type Tx, defineQuery } from '../../platform/db/index.ts'

export interface GenerationRow {
  id: string
  owner_id: string
  visibility: string
  via: string
  subject_id: string | null
  running_key: string | null
  node_id: string
  state: string
  stop_requested: number
  model_id: string | null
  connection_id: string | null
  key_id: string | null
  model_name: string
  parameters: string
  prompt_version_id: string | null
  parts: string | null
  seq: number
  meter: string
  warnings: string
  finish_reason: string | null
  error: string | null
  saved: number
  started_at: number
  ended_at: number | null
}

interface ChunkRow {
  id: string
  generation_id: string
  last_seq: number
  events: string
}

interface GenerationTables {
  generation: GenerationRow
  generation_chunk: ChunkRow
}

const query = defineQuery<GenerationTables>()

export type NewGeneration = Pick<
  GenerationRow,
  | 'id'
  | 'owner_id'
  | 'visibility'
  | 'via'
  | 'subject_id'
  | 'running_key'
  | 'node_id'
  | 'model_id'
  | 'connection_id'
  | 'key_id'
  | 'model_name'
  | 'parameters'
  | 'prompt_version_id'
  | 'meter'
  | 'saved'
  | 'started_at'
>

export const insertGenerationRow = query<NewGeneration, unknown>((k, p) =>
  k.insertInto('generation').values({
    id: p.id,
    owner_id: p.owner_id,
    visibility: p.visibility,
    via: p.via,
    subject_id: p.subject_id,
    running_key: p.running_key,
    node_id: p.node_id,
    state: 'running',
    stop_requested: 0,
    model_id: p.model_id,
    connection_id: p.connection_id,
    key_id: p.key_id,
    model_name: p.model_name,
    parameters: p.parameters,
    prompt_version_id: p.prompt_version_id,
    parts: null,
    seq: 0,
    meter: p.meter,
    warnings: '[]',
    finish_reason: null,
    error: null,
    saved: p.saved,
    started_at: p.started_at,
    ended_at: null,
  }),
)

export const generationById = query<{ id: string }, GenerationRow>((k, p) =>
  k.selectFrom('generation').selectAll().where('id', '=', p.id),
)

export const runningOnNode = query<{ node_id: string }, GenerationRow>((k, p) =>
  k.selectFrom('generation').selectAll().where('node_id', '=', p.node_id).where('state', '=', 'running'),
)

export type EndedGeneration = Pick<
  GenerationRow,
  'id' | 'state' | 'parts' | 'seq' | 'meter' | 'warnings' | 'finish_reason' | 'error' | 'ended_at'
>

/** Compare-and-set: an answer ends once. */
export const endGenerationRow = query<EndedGeneration, unknown>((k, p) =>
  k
    .updateTable('generation')
    .set({
      state: p.state,
      running_key: null,
      parts: p.parts,
      seq: p.seq,
      meter: p.meter,
      warnings: p.warnings,
      finish_reason: p.finish_reason,
      error: p.error,
      ended_at: p.ended_at,
    })
    .where('id', '=', p.id)
    .where('state', '=', 'running'),
)

export const requestStop = query<{ id: string }, unknown>((k, p) =>
  k
    .updateTable('generation')
    .set({ stop_requested: 1 })
    .where('id', '=', p.id)
    .where('state', '=', 'running'),
)

export const insertChunk = query<ChunkRow, unknown>((k, p) =>
  k.insertInto('generation_chunk').values({
    id: p.id,
    generation_id: p.generation_id,
    last_seq: p.last_seq,
    events: p.events,
  }),
)

export const chunksAfter = query<{ generation_id: string; after: number }, ChunkRow>((k, p) =>
  k
    .selectFrom('generation_chunk')
    .selectAll()
    .where('generation_id', '=', p.generation_id)
    .where('last_seq', '>', p.after)
    .orderBy('last_seq'),
)

export const deleteChunks = query<{ generation_id: string }, unknown>((k, p) =>
  k.deleteFrom('generation_chunk').where('generation_id', '=', p.generation_id),
)

/** Of some answers those that have ended, whole. */
export async function endedGenerations(reader: Reader, ids: readonly string[]): Promise<GenerationRow[]> {
  if (ids.length === 0) return []
  return reader.dynamic<GenerationTables, GenerationRow>((k) =>
    k.selectFrom('generation').selectAll().where('id', 'in', ids).where('state', '!=', 'running'),
  )
}

export async function insertGenerationCopy(tx: Tx, row: GenerationRow): Promise<void> {
  await tx.runDynamic<GenerationTables>((k) => k.insertInto('generation').values(row))
}

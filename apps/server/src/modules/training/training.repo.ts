import type { Visibility } from '@anneal/contract'
import { sql } from 'kysely'
import type { Changes, Reader, Tx } from '../../platform/db/index.ts'
import { defineQuery, defineShapes } from '../../platform/db/index.ts'
import { containing } from '../../platform/names/index.ts'
import type { VisibleParams } from '../auth/index.ts'
import { visibleTo } from '../auth/index.ts'
import type { RunState } from './run-state.ts'

export interface RunRow {
  id: string
  owner_id: string
  visibility: Visibility
  version: number
  created_at: number
  updated_at: number
  deleted_at: number | null
  name: string
  name_key: string
  node_id: string
  state: RunState
  desired: 'run' | 'stop'
  dataset_id: string
  dataset_name: string
  dataset_version: number
  base_model: string
  tuning: string
  settings: string
  progress: string
  phases: string
  warnings: string
  error: string | null
  process: string | null
  events_inode: number
  events_offset: number
  events_seq: number
  tracked_run_id: string | null
  servable: number
  started_at: number | null
  ended_at: number | null
  resumed_run_id: string | null
  resumed_name: string | null
  resumed_checkpoint_id: string | null
  resumed_step: number | null
}

export interface CheckpointRow {
  id: string
  run_id: string
  kind: 'checkpoint' | 'result'
  step: number
  form: 'full' | 'adapter'
  path: string
  loss: number | null
  bytes: number | null
  created_at: number
}

interface TransitionRow {
  id: string
  run_id: string
  from_state: string
  to_state: string
  at: number
}

interface TrainingTables {
  training_run: RunRow
  training_checkpoint: CheckpointRow
  training_transition: TransitionRow
}

const query = defineQuery<TrainingTables>()

export const runById = query<{ id: string }, RunRow>((k, p) =>
  k.selectFrom('training_run').selectAll().where('id', '=', p.id),
)

/** Names of an owner's runs that begin alike, deleted ones too: they may come back. */
export const runNamesOfOwner = query<{ owner_id: string; pattern: string }, { name_key: string }>((k, p) =>
  k
    .selectFrom('training_run')
    .select('name_key')
    .where('owner_id', '=', p.owner_id)
    .where(sql<boolean>`name_key like ${p.pattern} escape '!'`),
)

/** Shape by what is given, so built on each call; it happens once a training. */
export function insertRun(tx: Tx, row: RunRow): Promise<Changes> {
  return tx.runDynamic<TrainingTables>((k) => k.insertInto('training_run').values(row))
}

interface Below {
  at: number
  id: string
  limit: number
}

export interface RunFilter extends Below {
  states: readonly RunState[] | null
  base: string | null
  ownerId: string | null
  search: string | null
  oldestFirst: boolean
}

interface ListShape {
  states: string
  ofBase: boolean
  ofOwner: boolean
  named: boolean
  oldestFirst: boolean
}
type ListParams = VisibleParams & Below & { base: string; ownerId: string; pattern: string }

const listed = defineShapes<TrainingTables>()<ListShape, ListParams, RunRow>((k, p, shape) => {
  const beyond = shape.oldestFirst ? '>' : '<'
  const order = shape.oldestFirst ? 'asc' : 'desc'
  let rows = k
    .selectFrom('training_run')
    .selectAll()
    .where('deleted_at', 'is', null)
    .where((eb) => visibleTo(eb, p, 'training_run', 'training-run'))
    .where('created_at', `${beyond}=`, p.at)
    .where((eb) => eb.or([eb('created_at', beyond, p.at), eb('id', beyond, p.id)]))
  if (shape.states) rows = rows.where('state', 'in', shape.states.split(',') as RunState[])
  if (shape.ofBase) rows = rows.where('base_model', 'like', p.base)
  if (shape.ofOwner) rows = rows.where('owner_id', '=', p.ownerId)
  if (shape.named) rows = rows.where(sql<boolean>`name_key like ${p.pattern} escape '!'`)
  return rows.orderBy('created_at', order).orderBy('id', order).limit(p.limit)
})

export function listRuns(
  reader: Reader,
  visible: VisibleParams,
  { states, base, ownerId, search, oldestFirst, ...below }: RunFilter,
): Promise<RunRow[]> {
  const shape = {
    states: states?.join(',') ?? '',
    ofBase: !!base,
    ofOwner: !!ownerId,
    named: !!search,
    oldestFirst,
  }
  return reader.all(listed(shape), {
    ...visible,
    ...below,
    base: `%"kind":"${base}"%`,
    ownerId: ownerId ?? '',
    pattern: containing(search ?? ''),
  })
}

/** Of one server, oldest first. */
export function runsOfNode(reader: Reader, nodeId: string, states: readonly RunState[]): Promise<RunRow[]> {
  return reader.dynamic<TrainingTables, RunRow>((k) =>
    k
      .selectFrom('training_run')
      .selectAll()
      .where('node_id', '=', nodeId)
      .where('state', 'in', states)
      .orderBy('created_at')
      .orderBy('id'),
  )
}

/** Compare-and-set: nothing changes where the run is in none of these states. */
export async function patchRun(
  tx: Tx,
  id: string,
  from: readonly RunState[],
  patch: Partial<RunRow>,
): Promise<boolean> {
  const { changes } = await tx.runDynamic<TrainingTables>((k) =>
    k.updateTable('training_run').set(patch).where('id', '=', id).where('state', 'in', from),
  )
  return changes > 0
}

export const markRunDeleted = query<{ id: string; deleted_at: number | null; updated_at: number }, unknown>(
  (k, p) =>
    k
      .updateTable('training_run')
      .set((eb) => ({
        deleted_at: p.deleted_at,
        updated_at: p.updated_at,
        version: eb('version', '+', 1),
      }))
      .where('id', '=', p.id),
)

export const insertTransition = query<TransitionRow, unknown>((k, p) =>
  k.insertInto('training_transition').values({
    id: p.id,
    run_id: p.run_id,
    from_state: p.from_state,
    to_state: p.to_state,
    at: p.at,
  }),
)

export const checkpointsOfRun = query<{ run_id: string }, CheckpointRow>((k, p) =>
  k.selectFrom('training_checkpoint').selectAll().where('run_id', '=', p.run_id).orderBy('step', 'desc'),
)

export const checkpointById = query<{ id: string }, CheckpointRow>((k, p) =>
  k.selectFrom('training_checkpoint').selectAll().where('id', '=', p.id),
)

export const checkpointAtStep = query<{ run_id: string; kind: string; step: number }, CheckpointRow>((k, p) =>
  k
    .selectFrom('training_checkpoint')
    .selectAll()
    .where('run_id', '=', p.run_id)
    .where('kind', '=', p.kind as never)
    .where('step', '=', p.step),
)

export const insertCheckpoint = query<CheckpointRow, unknown>((k, p) =>
  k.insertInto('training_checkpoint').values({
    id: p.id,
    run_id: p.run_id,
    kind: p.kind,
    step: p.step,
    form: p.form,
    path: p.path,
    loss: p.loss,
    bytes: p.bytes,
    created_at: p.created_at,
  }),
)

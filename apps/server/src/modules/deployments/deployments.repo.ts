import type { Visibility } from '@anneal/contract'
import { sql } from 'kysely'
import type { Changes, Reader, Tx } from '../../platform/db/index.ts'
import { defineQuery, defineShapes } from '../../platform/db/index.ts'
import { containing } from '../../platform/names/index.ts'
import type { VisibleParams } from '../auth/index.ts'
import { visibleTo } from '../auth/index.ts'
import type { DeploymentState } from './deployment-state.ts'

export interface DeploymentRow {
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
  state: DeploymentState
  desired: 'serve' | 'stop'
  source: string
  source_name: string
  training_run_id: string | null
  model: string | null
  adapter: string | null
  base: string | null
  served_name: string
  model_id: string | null
  port: number | null
  process: string | null
  restarts: number
  restart_times: string
  next_restart_at: number | null
  error: string | null
  serving_since: number | null
}

interface DeploymentTables {
  deployment: DeploymentRow
}

const query = defineQuery<DeploymentTables>()

export const deploymentById = query<{ id: string }, DeploymentRow>((k, p) =>
  k.selectFrom('deployment').selectAll().where('id', '=', p.id),
)

export const deploymentByNameKey = query<{ name_key: string }, DeploymentRow>((k, p) =>
  k.selectFrom('deployment').selectAll().where('name_key', '=', p.name_key),
)

export function insertDeployment(tx: Tx, row: DeploymentRow): Promise<Changes> {
  return tx.runDynamic<DeploymentTables>((k) => k.insertInto('deployment').values(row))
}

export interface DeploymentFilter {
  trainingRunId: string | undefined
  states: readonly DeploymentState[] | null
  search: string | null
  at: number
  id: string
  limit: number
}

interface ListShape {
  ofRun: boolean
  states: string
  named: boolean
}
type ListParams = VisibleParams & {
  runId: string
  pattern: string
  at: number
  id: string
  limit: number
}

const listed = defineShapes<DeploymentTables>()<ListShape, ListParams, DeploymentRow>((k, p, shape) => {
  let rows = k
    .selectFrom('deployment')
    .selectAll()
    .where('deleted_at', 'is', null)
    .where((eb) => visibleTo(eb, p, 'deployment', 'deployment'))
    .where('created_at', '<=', p.at)
    .where((eb) => eb.or([eb('created_at', '<', p.at), eb('id', '<', p.id)]))
  if (shape.ofRun) rows = rows.where('training_run_id', '=', p.runId)
  if (shape.states) rows = rows.where('state', 'in', shape.states.split(',') as DeploymentState[])
  if (shape.named) rows = rows.where(sql<boolean>`name_key like ${p.pattern} escape '!'`)
  return rows.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(p.limit)
})

export function listDeployments(
  reader: Reader,
  visible: VisibleParams,
  { trainingRunId, states, search, ...below }: DeploymentFilter,
): Promise<DeploymentRow[]> {
  const shape = { ofRun: !!trainingRunId, states: states?.join(',') ?? '', named: !!search }
  return reader.all(listed(shape), {
    ...visible,
    ...below,
    runId: trainingRunId ?? '',
    pattern: containing(search ?? ''),
  })
}

export function deploymentsOfNode(
  reader: Reader,
  nodeId: string,
  states: readonly DeploymentState[],
): Promise<DeploymentRow[]> {
  return reader.dynamic<DeploymentTables, DeploymentRow>((k) =>
    k
      .selectFrom('deployment')
      .selectAll()
      .where('node_id', '=', nodeId)
      .where('state', 'in', states)
      .orderBy('id'),
  )
}

/** Compare-and-set: nothing changes where the deployment is in none of these states. */
export async function patchDeployment(
  tx: Tx,
  id: string,
  from: readonly DeploymentState[],
  patch: Partial<DeploymentRow>,
): Promise<boolean> {
  const { changes } = await tx.runDynamic<DeploymentTables>((k) =>
    k.updateTable('deployment').set(patch).where('id', '=', id).where('state', 'in', from),
  )
  return changes > 0
}

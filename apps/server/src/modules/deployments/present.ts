import type { Context } from '../../platform/context.ts'
import type { ProcessIdentity } from '../../platform/processes/index.ts'
import type { AboutResources } from '../auth/index.ts'
import type { DeploymentProblem, DeploymentSource, DeploymentView } from './deployment-state.ts'
import type { DeploymentRow } from './deployments.repo.ts'
import { nodeNameOf } from './load.ts'

const time = (ms: number): string => new Date(ms).toISOString()
const timeOrNull = (ms: number | null): string | null => (ms === null ? null : time(ms))

/** Resident memory of its process, where it runs on this server. */
async function memoryOf(ctx: Context, row: DeploymentRow): Promise<number | null> {
  if (row.process === null || row.node_id !== ctx.platform.nodes.self.id) return null
  return ctx.platform.processes.rssBytes((JSON.parse(row.process) as ProcessIdentity).pid)
}

export async function presentDeployment(
  ctx: Context,
  row: DeploymentRow,
  about: AboutResources,
): Promise<DeploymentView> {
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
    state: row.state,
    source: JSON.parse(row.source) as DeploymentSource,
    sourceName: row.source_name,
    modelId: row.model_id,
    engine: 'transformers',
    nodeName: await nodeNameOf(ctx, row),
    port: row.port,
    memoryBytes: await memoryOf(ctx, row),
    restarts: row.restarts,
    nextRestartAt: timeOrNull(row.next_restart_at),
    error: row.error === null ? null : (JSON.parse(row.error) as DeploymentProblem),
    servingSince: timeOrNull(row.serving_since),
  }
}
